using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Gives a network another batch size without touching its file.</summary>
public static class BatchOverride
{
    /// <summary>
    /// A copy of the network in which data layers read <paramref name="batch"/> items and Input layers take as many. The layers keep their order.
    /// </summary>
    /// <exception cref="CortadoException">The batch is not positive.</exception>
    public static NetParameter Apply(NetParameter net, int batch)
    {
        NetParameter copy = PhaseFilter.Skeleton(net);
        foreach (LayerParameter layer in net.Layer) copy.Layer.Add(Apply(layer, batch));
        return copy;
    }

    /// <summary>The same for one layer; a layer that reads no data is returned as it is.</summary>
    public static LayerParameter Apply(LayerParameter layer, int batch)
    {
        if (batch <= 0) throw new CortadoException($"A batch of {batch} was asked for; expected at least 1.");
        LayerParameter copy = layer.Clone();
        switch (layer.Type)
        {
            case "Data": copy.DataParam ??= new DataParameter(); copy.DataParam.BatchSize = (uint)batch; return copy;
            case "ImageData": copy.ImageDataParam ??= new ImageDataParameter(); copy.ImageDataParam.BatchSize = (uint)batch; return copy;
            case "MemoryData": copy.MemoryDataParam ??= new MemoryDataParameter(); copy.MemoryDataParam.BatchSize = (uint)batch; return copy;
            case "Input" when copy.InputParam != null: Set(copy.InputParam.Shape, batch); return copy;
            case "DummyData" when copy.DummyDataParam != null:
                Set(copy.DummyDataParam.Shape, batch);
                for (int i = 0; i < copy.DummyDataParam.Num.Count; i++) copy.DummyDataParam.Num[i] = (uint)batch;
                return copy;
            default: return layer;
        }
    }

    private static void Set(IEnumerable<BlobShape> shapes, int batch)
    {
        foreach (BlobShape shape in shapes)
            if (shape.Dim.Count > 0) shape.Dim[0] = batch;
    }
}
