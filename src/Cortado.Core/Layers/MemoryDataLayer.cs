using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Images and labels from memory, in batches, in order, round and round. Tops: data (batch_size, channels, height, width) and label
/// (batch_size). <see cref="SetArrays"/> gives them before the first <see cref="Forward"/>.
/// </summary>
public sealed class MemoryDataLayer : Layer
{
    private readonly MemoryDataParameter _parameter;
    private ReadOnlyMemory<float> _data, _labels;
    private int _batch, _itemLength;
    private long _read;

    /// <summary>Creates the layer.</summary>
    public MemoryDataLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) =>
        _parameter = parameter.MemoryDataParam ?? new MemoryDataParameter();

    /// <inheritdoc/>
    public override BlobCounts Counts { get; } = BlobCounts.Exactly(0, 2);

    /// <summary>Items read so far.</summary>
    public override long Cursor
    {
        get => _read;
        set => _read = value;
    }

    /// <summary>The items that there are: the labels' number.</summary>
    public int ItemCount => _labels.Length;

    /// <summary>
    /// Gives the layer its items and starts with the first, or where <see cref="Cursor"/> was set to before any were given. The arrays are not copied: change them between steps and the
    /// next batch has the changes.
    /// </summary>
    /// <param name="data">The items, each channels * height * width floats in (channel, row, column) order.</param>
    /// <param name="labels">One label an item; a multiple of batch_size in number.</param>
    /// <exception cref="CortadoException">The numbers do not fit.</exception>
    public void SetArrays(ReadOnlyMemory<float> data, ReadOnlyMemory<float> labels)
    {
        if (labels.Length == 0 || labels.Length % _batch != 0)
            throw Error($"{labels.Length} items were given; expected a multiple of batch_size: {_batch}.");
        if (data.Length != (long)labels.Length * _itemLength)
            throw Error($"{data.Length} values were given for {labels.Length} items; expected {(long)labels.Length * _itemLength}, that is {_itemLength} each.");
        // A resumed training's cursor is set before its arrays are given.
        if (!_labels.IsEmpty) _read = 0;
        (_data, _labels) = (data, labels);
    }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        MemoryDataParameter p = _parameter;
        if (p.BatchSize == 0 || p.Channels == 0 || p.Height == 0 || p.Width == 0)
            throw Error("memory_data_param must give batch_size, channels, height and width, each at least 1.");
        _batch = LayerNumbers.Positive(p.BatchSize, "batch_size", Name);
        top[0].Reshape(new Shape(_batch, LayerNumbers.Positive(p.Channels, "channels", Name),
            LayerNumbers.Positive(p.Height, "height", Name), LayerNumbers.Positive(p.Width, "width", Name)));
        top[1].Reshape(new Shape(_batch));
        _itemLength = top[0].Shape.CountFrom(1);
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        if (_labels.IsEmpty) throw Error("it has no data; call SetArrays before the first forward.");
        Span<float> data = top[0].StreamData(), labels = top[1].StreamData();
        for (int done = 0; done < _batch;)
        {
            int first = (int)(_read % _labels.Length), items = Math.Min(_batch - done, _labels.Length - first);
            _data.Span.Slice(first * _itemLength, items * _itemLength).CopyTo(data.Slice(done * _itemLength));
            _labels.Span.Slice(first, items).CopyTo(labels.Slice(done));
            done += items;
            _read += items;
        }
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) { }
}
