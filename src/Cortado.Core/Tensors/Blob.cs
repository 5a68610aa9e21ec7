namespace Cortado.Tensors;

/// <summary>
/// A named n-dimensional array of float32, (N, C, H, W) for images, with its values (<see cref="Data"/>) and its gradient
/// (<see cref="Diff"/>) on one backend. Row-major: the last axis runs fastest. Memory is made at the first use, grows when a
/// larger shape asks for it and never shrinks, so a buffer may be longer than <see cref="Count"/>.
/// </summary>
public sealed class Blob : IDisposable
{
    private readonly IBufferAllocator _allocator;
    private DeviceBuffer? _data, _diff;
    private Blob? _dataOwner, _diffOwner;

    /// <summary>Creates an empty blob; <see cref="Reshape"/> gives it a shape.</summary>
    public Blob(string name, IBufferAllocator allocator) : this(name, allocator, new Shape(0)) { }

    /// <summary>Creates a blob of a shape.</summary>
    public Blob(string name, IBufferAllocator allocator, Shape shape)
    {
        Name = name;
        _allocator = allocator;
        Shape = shape;
    }

    /// <summary>The name in the network, for messages.</summary>
    public string Name { get; }

    /// <summary>The extents.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Count;

    /// <summary>The values. At least <see cref="Count"/> floats; only the first <see cref="Count"/> count.</summary>
    public DeviceBuffer Data => _dataOwner != null ? _dataOwner.Data : Ensure(ref _data);

    /// <summary>The gradient of the loss with respect to the values; as long as <see cref="Data"/>.</summary>
    public DeviceBuffer Diff => _diffOwner != null ? _diffOwner.Diff : Ensure(ref _diff);

    /// <summary>Whether memory for the gradient has been made (here or in the blob whose gradient this one shares).</summary>
    public bool HasDiff => _diffOwner != null ? _diffOwner.HasDiff : _diff != null;

    /// <summary>The blob whose values these are: this one, or the one it shares with.</summary>
    public Blob DataRoot => _dataOwner?.DataRoot ?? this;

    /// <summary>The blob whose gradient this is: this one, or the one it shares with.</summary>
    public Blob DiffRoot => _diffOwner?.DiffRoot ?? this;

    /// <summary>Gives the blob another shape. Values are kept only while the buffer is long enough.</summary>
    public void Reshape(Shape shape) => Shape = shape;

    /// <summary>Makes this blob's values those of <paramref name="owner"/> (same count, any shape).</summary>
    public void ShareData(Blob owner)
    {
        CheckShare(owner);
        if (owner.DataRoot == this) return;
        _data?.Dispose();
        _data = null;
        _dataOwner = owner;
    }

    /// <summary>Makes this blob's gradient that of <paramref name="owner"/> (same count, any shape).</summary>
    public void ShareDiff(Blob owner)
    {
        CheckShare(owner);
        if (owner.DiffRoot == this) return;
        _diff?.Dispose();
        _diff = null;
        _diffOwner = owner;
    }

    /// <summary>The values that count: the first <see cref="Count"/> of <see cref="Data"/>, to read on the host.</summary>
    public ReadOnlySpan<float> ReadData() => Data.Read().Slice(0, Count);

    /// <summary>The values that count, to overwrite whole on the host.</summary>
    public Span<float> WriteData() => Data.Write().Slice(0, Count);

    /// <summary>The values that count, to overwrite whole on the host, as will be done with every batch.</summary>
    public Span<float> StreamData()
    {
        Data.ExpectStream();
        return WriteData();
    }

    /// <summary>The gradient, to read on the host.</summary>
    public ReadOnlySpan<float> ReadDiff() => Diff.Read().Slice(0, Count);

    /// <summary>The gradient, to overwrite whole on the host.</summary>
    public Span<float> WriteDiff() => Diff.Write().Slice(0, Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _data?.Dispose();
        _diff?.Dispose();
        _data = _diff = null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Shape}";

    private void CheckShare(Blob owner)
    {
        if (owner.Count != Count)
            throw new InvalidOperationException($"Blob {Name} ({Shape}) cannot share the memory of {owner.Name} ({owner.Shape}): the counts differ.");
    }

    private DeviceBuffer Ensure(ref DeviceBuffer? buffer)
    {
        if (buffer != null && buffer.Count >= Count) return buffer;
        buffer?.Dispose();
        return buffer = _allocator.Allocate(Count);
    }
}
