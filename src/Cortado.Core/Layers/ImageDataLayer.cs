using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>Batches of image files from a list of "path label" lines, round and round, shuffled for each epoch where asked.</summary>
public sealed class ImageDataLayer : BatchLayer
{
    /// <summary>Creates the layer; the list is read by <see cref="Layer.SetUp"/>.</summary>
    public ImageDataLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts { get; } = BlobCounts.Exactly(0, 2);

    /// <inheritdoc/>
    protected override IBatchSource Open(DataTransformer transformer, BatchSourceOptions options) =>
        new ImageListBatchSource(Parameter.ImageDataParam ?? new ImageDataParameter(), transformer, Context.Paths, Context.Random(Name + "/order"), options);
}
