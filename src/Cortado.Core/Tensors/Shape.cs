using System.Globalization;
using System.Text;

namespace Cortado.Tensors;

/// <summary>The extents of an n-dimensional blob, outermost axis first: (N, C, H, W) for images. Immutable.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The most axes a blob may have, as in Caffe.</summary>
    public const int MaxRank = 32;

    private readonly int[]? _dims;
    private readonly int _count;

    /// <summary>Creates a shape from its extents. A shape without axes is a scalar of one element.</summary>
    /// <exception cref="CortadoException">An extent is negative, there are too many, or their product exceeds 2^31-1 elements.</exception>
    public Shape(params int[] dims)
    {
        if (dims.Length > MaxRank)
            throw new CortadoException($"A blob can have at most {MaxRank} axes; {dims.Length} were given.");
        long count = 1;
        foreach (int dim in dims)
        {
            if (dim < 0)
                throw new CortadoException($"A blob's extent cannot be negative: {string.Join(" x ", dims)}.");
            count *= dim;
            if (count > int.MaxValue)
                throw new CortadoException($"A blob of shape {string.Join(" x ", dims)} has more than 2147483647 elements; use a smaller batch or input.");
        }
        _dims = (int[])dims.Clone();
        _count = (int)count;
    }

    private ReadOnlySpan<int> Dims => _dims;

    /// <summary>Number of axes.</summary>
    public int Rank => _dims?.Length ?? 0;

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public int Count => _dims == null ? 1 : _count;

    /// <summary>The extent of an axis; a negative axis counts from the end.</summary>
    /// <exception cref="CortadoException">There is no such axis.</exception>
    public int this[int axis] => _dims![CanonicalAxis(axis)];

    /// <summary>A copy of the extents.</summary>
    public int[] ToArray() => Dims.ToArray();

    /// <summary>The axis as a number in [0, Rank); a negative one counts from the end.</summary>
    /// <exception cref="CortadoException">There is no such axis.</exception>
    public int CanonicalAxis(int axis)
    {
        if (axis < -Rank || axis >= Rank)
            throw new CortadoException($"Axis {axis} does not exist in a blob of shape {this}: expected {-Rank} to {Rank - 1}.");
        return axis < 0 ? axis + Rank : axis;
    }

    /// <summary>The product of the extents of axes [start, end); 1 when the range is empty.</summary>
    public int CountBetween(int start, int end)
    {
        int count = 1;
        for (int i = start; i < end; i++) count *= _dims![i];
        return count;
    }

    /// <summary>The product of the extents from <paramref name="start"/> to the last axis.</summary>
    public int CountFrom(int start) => CountBetween(start, Rank);

    /// <summary>
    /// An extent by the old 4-D names: 0 num, 1 channels, 2 height, 3 width. Axes that the blob lacks count as 1.
    /// </summary>
    /// <exception cref="CortadoException">The blob has more than four axes.</exception>
    public int Legacy(int axis)
    {
        if (Rank > 4)
            throw new CortadoException($"This needs a blob of at most 4 axes; its shape is {this}.");
        return axis < Rank ? _dims![axis] : 1;
    }

    /// <summary>This shape with another extent on one axis.</summary>
    public Shape With(int axis, int dim)
    {
        int[] dims = ToArray();
        dims[CanonicalAxis(axis)] = dim;
        return new Shape(dims);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dims.SequenceEqual(other.Dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = Rank;
        foreach (int dim in Dims) hash = unchecked(hash * 31 + dim);
        return hash;
    }

    /// <summary>Whether two shapes have the same extents.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>As Caffe's log writes it: <c>300 3 70 70 (4410000)</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (int dim in Dims) text.Append(dim.ToString(CultureInfo.InvariantCulture)).Append(' ');
        return text.Append('(').Append(Count.ToString(CultureInfo.InvariantCulture)).Append(')').ToString();
    }
}
