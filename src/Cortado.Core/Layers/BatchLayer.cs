using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// A layer that hands on batches from a source: decoded and transformed on other threads, ahead of the network. Tops: data (N, C, H, W)
/// and label (N).
/// </summary>
public abstract class BatchLayer : Layer, IRecordLayer
{
    private IBatchSource? _source;
    private Batch? _batch;

    /// <summary>Creates the layer.</summary>
    protected BatchLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <summary>Records handed on so far.</summary>
    public override long Cursor
    {
        get => Source.Position;
        set => Source.Seek(value);
    }

    /// <summary>Where the batches come from.</summary>
    public IBatchSource Source => _source ?? throw new InvalidOperationException($"Layer '{Name}' was used before it was set up.");

    /// <inheritdoc/>
    public string RecordKey(int item) => _batch?.KeyOf(item) ?? "";

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        TransformationParameter transform = Parameter.TransformParam ?? new TransformationParameter();
        try
        {
            DataTransformer transformer = DataTransformer.Create(transform, Context.Phase, Context.Random(Name + "/transform"), Context.Paths);
            _source = Open(transformer, new BatchSourceOptions { Threads = Context.PrefetchThreads });
        }
        catch (CortadoException e)
        {
            throw new CortadoException($"layer '{Name}' ({Type}): {e.Message}", e);
        }
        ShapeTops(top, _source.Channels, _source.Height, _source.Width);
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        Batch batch = _batch = Source.Next();
        // A batch of one takes the shape of its record.
        Shape shape = top[0].Shape;
        if (batch.Channels != shape[1] || batch.Height != shape[2] || batch.Width != shape[3])
            ShapeTops(top, batch.Channels, batch.Height, batch.Width);
        batch.Data.AsSpan(0, top[0].Count).CopyTo(top[0].StreamData());
        if (top.Length > 1) batch.Labels.AsSpan().CopyTo(top[1].StreamData());
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) { }

    /// <summary>Opens the source that the parameters name.</summary>
    protected abstract IBatchSource Open(DataTransformer transformer, BatchSourceOptions options);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source?.Dispose();
        base.Dispose(disposing);
    }

    private void ShapeTops(Blob[] top, int channels, int height, int width)
    {
        top[0].Reshape(new Shape(Source.BatchSize, channels, height, width));
        if (top.Length > 1) top[1].Reshape(new Shape(Source.BatchSize));
    }
}
