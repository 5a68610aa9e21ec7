namespace Cortado.Data;

/// <summary>Puts single items into batches. Each worker thread has one of its own.</summary>
internal abstract class ItemReader : IDisposable
{
    /// <summary>Reads the record with a running number and puts it, transformed, at a place in a batch.</summary>
    public abstract void Read(long record, Batch batch, int item);

    public abstract void Dispose();

    /// <summary>Gives an item its place: a batch of one takes the item's size, a larger batch demands that all are alike.</summary>
    protected static Span<float> Place(Batch batch, int item, (int Channels, int Height, int Width) size)
    {
        if (size != (batch.Channels, batch.Height, batch.Width))
        {
            if (batch.Size > 1)
            {
                throw new CortadoException(FormattableString.Invariant(
                    $"it is {size.Channels} x {size.Height} x {size.Width} (channels, height, width) but the first record is {batch.Channels} x {batch.Height} x {batch.Width}; resize them alike, or set a crop_size, or batch_size: 1"));
            }

            batch.Reshape(size.Channels, size.Height, size.Width);
        }

        return batch.Data.AsSpan(item * batch.ItemLength, batch.ItemLength);
    }
}
