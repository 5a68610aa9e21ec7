using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>What is summed: a function of one element of one or two rows. A struct, so that calls vanish into the loop.</summary>
internal interface IRowTerm
{
    /// <summary>The term of several elements.</summary>
    Vector<float> Term(Vector<float> x, Vector<float> y);

    /// <summary>The term of one element.</summary>
    float Term(float x, float y);
}

/// <summary>x.</summary>
internal readonly struct IdentityTerm : IRowTerm
{
    public Vector<float> Term(Vector<float> x, Vector<float> y) => x;

    public float Term(float x, float y) => x;
}

/// <summary>|x|.</summary>
internal readonly struct AbsoluteTerm : IRowTerm
{
    public Vector<float> Term(Vector<float> x, Vector<float> y) => Vector.Abs(x);

    public float Term(float x, float y) => Math.Abs(x);
}

/// <summary>x y.</summary>
internal readonly struct ProductTerm : IRowTerm
{
    public Vector<float> Term(Vector<float> x, Vector<float> y) => x * y;

    public float Term(float x, float y) => x * y;
}

/// <summary>(x - y)^2.</summary>
internal readonly struct SquaredDifferenceTerm : IRowTerm
{
    public Vector<float> Term(Vector<float> x, Vector<float> y)
    {
        Vector<float> difference = x - y;
        return difference * difference;
    }

    public float Term(float x, float y) => (x - y) * (x - y);
}

/// <summary>(x - mean)^2.</summary>
internal readonly struct SquaredDeviationTerm : IRowTerm
{
    private readonly float _mean;

    public SquaredDeviationTerm(float mean) => _mean = mean;

    public Vector<float> Term(Vector<float> x, Vector<float> y)
    {
        Vector<float> deviation = x - new Vector<float>(_mean);
        return deviation * deviation;
    }

    public float Term(float x, float y) => (x - _mean) * (x - _mean);
}

/// <summary>
/// Sums over a run of floats that lie side by side. Lanes are float over a few thousand elements and double beyond, so long rows lose
/// nothing; the order is fixed by the length alone.
/// </summary>
internal static unsafe class Rows
{
    private const int Block = 4096;

    public static double Sum(float* x, int length) => Reduce(x, x, length, default(IdentityTerm));

    public static double AbsSum(float* x, int length) => Reduce(x, x, length, default(AbsoluteTerm));

    public static double Dot(float* x, float* y, int length) => Reduce(x, y, length, default(ProductTerm));

    public static double SquaredDistance(float* x, float* y, int length) => Reduce(x, y, length, default(SquaredDifferenceTerm));

    public static double SquaredDeviation(float* x, float mean, int length) => Reduce(x, x, length, new SquaredDeviationTerm(mean));

    public static double Reduce<TTerm>(float* x, float* y, int length, TTerm term) where TTerm : struct, IRowTerm
    {
        double sum = 0;
        for (int start = 0; start < length; start += Block) sum += ReduceBlock(x + start, y + start, Math.Min(Block, length - start), term);
        return sum;
    }

    private static double ReduceBlock<TTerm>(float* x, float* y, int length, TTerm term) where TTerm : struct, IRowTerm
    {
        int width = VectorLoop.Width, i = 0;
        double sum = 0;
        if (length >= width)
        {
            Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
            for (; i <= length - 4 * width; i += 4 * width)
            {
                a += term.Term(Load(x + i), Load(y + i));
                b += term.Term(Load(x + i + width), Load(y + i + width));
                c += term.Term(Load(x + i + 2 * width), Load(y + i + 2 * width));
                d += term.Term(Load(x + i + 3 * width), Load(y + i + 3 * width));
            }
            for (; i <= length - width; i += width) a += term.Term(Load(x + i), Load(y + i));
            a = a + b + (c + d);
            for (int lane = 0; lane < width; lane++) sum += a[lane];
        }
        for (; i < length; i++) sum += term.Term(x[i], y[i]);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(float* x) => Unsafe.ReadUnaligned<Vector<float>>(x);
}
