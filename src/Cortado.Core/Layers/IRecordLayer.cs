namespace Cortado.Layers;

/// <summary>A layer that reads records, and can say which one stands where in the batch.</summary>
public interface IRecordLayer
{
    /// <summary>The key or file name of an item of the batch that the layer gave last.</summary>
    /// <param name="item">The item's place in the batch, from 0.</param>
    string RecordKey(int item);
}
