namespace Cortado.Formats;

/// <summary>Gives the values of an array when they are written.</summary>
/// <returns>The values, row-major.</returns>
public delegate ReadOnlySpan<float> FloatSource();

/// <summary>An array to be written to a file: its shape, and where its values come from.</summary>
public sealed class WeightArray
{
    /// <summary>Describes an array whose values lie in memory.</summary>
    /// <param name="shape">The dimensions, outermost first.</param>
    /// <param name="data">As many values as the shape says, row-major.</param>
    public WeightArray(IReadOnlyList<int> shape, ReadOnlyMemory<float> data)
        : this(shape, () => data.Span)
    {
    }

    /// <summary>Describes an array whose values are fetched when they are written.</summary>
    /// <param name="shape">The dimensions, outermost first.</param>
    /// <param name="data">Gives as many values as the shape says, row-major; called once for each writing.</param>
    /// <param name="diff">Gives the gradients, where they are to be saved too (<c>snapshot_diff</c>).</param>
    public WeightArray(IReadOnlyList<int> shape, FloatSource data, FloatSource? diff = null)
    {
        ThrowIf.Null(shape, nameof(shape));
        ThrowIf.Null(data, nameof(data));
        long count = 1;
        foreach (int dim in shape)
        {
            if (dim < 0 || (dim > 0 && count > int.MaxValue / dim))
            {
                throw new ArgumentException($"The shape ({string.Join(" x ", shape)}) is impossible.", nameof(shape));
            }

            count *= dim;
        }

        Shape = shape;
        Count = (int)count;
        Data = data;
        Diff = diff;
    }

    /// <summary>The dimensions, outermost first.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The product of the dimensions.</summary>
    public int Count { get; }

    internal FloatSource Data { get; }

    internal FloatSource? Diff { get; }
}
