using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Sums down neighbouring columns, for channels of one value an example: whole vectors of columns at a time, in float over a few dozen
/// rows and in double beyond.
/// </summary>
internal static unsafe class Columns
{
    private const int RowsInFloat = 64;

    /// <summary>sums[c] += the sum over rows of term(x, y) for columns [first, end), at most <see cref="ChannelGroups.Widest"/> of them.</summary>
    /// <param name="x">The first array.</param>
    /// <param name="y">The second array.</param>
    /// <param name="stride">From a row of x to the next.</param>
    /// <param name="strideY">From a row of y to the next; 0 where every row meets the same values.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="first">The first column.</param>
    /// <param name="end">Behind the last column.</param>
    /// <param name="sums">One sum a column.</param>
    /// <param name="term">What is summed.</param>
    public static void Add<TTerm>(float* x, float* y, int stride, int strideY, int rows, int first, int end, double[] sums, TTerm term)
        where TTerm : struct, IRowTerm
    {
        float* partial = stackalloc float[ChannelGroups.Widest];
        int columns = end - first;
        for (int start = 0; start < rows; start += RowsInFloat)
        {
            new Span<float>(partial, columns).Clear();
            int last = Math.Min(rows, start + RowsInFloat);
            for (int n = start; n < last; n++) AddRow(x + (long)n * stride + first, y + (long)n * strideY + first, partial, columns, term);
            for (int c = 0; c < columns; c++) sums[first + c] += partial[c];
        }
    }

    private static void AddRow<TTerm>(float* x, float* y, float* sum, int columns, TTerm term) where TTerm : struct, IRowTerm
    {
        int width = VectorLoop.Width, c = 0;
        for (; c <= columns - width; c += width)
            Unsafe.WriteUnaligned(sum + c, Unsafe.ReadUnaligned<Vector<float>>(sum + c)
                + term.Term(Unsafe.ReadUnaligned<Vector<float>>(x + c), Unsafe.ReadUnaligned<Vector<float>>(y + c)));
        for (; c < columns; c++) sum[c] += term.Term(x[c], y[c]);
    }
}
