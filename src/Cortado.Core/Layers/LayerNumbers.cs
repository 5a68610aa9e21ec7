using System.Globalization;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>Numbers of a prototxt as extents that a blob can have.</summary>
internal static class LayerNumbers
{
    // Twice a pad and an extent beside it still fit an int.
    private const int Largest = 1 << 28;

    /// <summary>An extent that may be zero (a pad).</summary>
    /// <exception cref="CortadoException">It is beyond what a blob can have.</exception>
    public static int Extent(uint value, string field, string layer) => value <= Largest
        ? (int)value
        : throw new CortadoException($"layer '{layer}': {field} is {Text(value)}; expected at most {Text(Largest)}.");

    /// <summary>An extent of at least one (a kernel, a stride, a number of outputs).</summary>
    /// <exception cref="CortadoException">It is zero or beyond what a blob can have.</exception>
    public static int Positive(uint value, string field, string layer) => value > 0
        ? Extent(value, field, layer)
        : throw new CortadoException($"layer '{layer}': {field} is 0; expected at least 1.");

    /// <summary>The shape that a prototxt gives.</summary>
    /// <exception cref="CortadoException">A dim is negative or too large.</exception>
    public static Shape ToShape(BlobShape shape, string layer)
    {
        int[] dims = new int[shape.Dim.Count];
        for (int i = 0; i < dims.Length; i++)
        {
            long dim = shape.Dim[i];
            if (dim < 0 || dim > int.MaxValue)
                throw new CortadoException($"layer '{layer}': dim {i} of a shape is {Text(dim)}; expected 0 to {Text(int.MaxValue)}.");
            dims[i] = (int)dim;
        }
        return new Shape(dims);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
