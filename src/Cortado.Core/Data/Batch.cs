using System.Text;

namespace Cortado.Data;

/// <summary>A batch of items and where they came from. Its arrays are used again for later batches.</summary>
public sealed class Batch
{
    private byte[] _keyBytes = Array.Empty<byte>();
    private readonly int[] _keySpans;
    private readonly string?[] _names;
    private readonly object _keyLock = new();

    /// <summary>Creates an empty batch.</summary>
    /// <param name="size">Items.</param>
    /// <param name="channels">Channels of an item.</param>
    /// <param name="height">Height of an item.</param>
    /// <param name="width">Width of an item.</param>
    public Batch(int size, int channels, int height, int width)
    {
        Size = size;
        Labels = new float[size];
        _keySpans = new int[2 * size];
        _names = new string?[size];
        Data = Array.Empty<float>();
        Reshape(channels, height, width);
    }

    /// <summary>Items in the batch.</summary>
    public int Size { get; }

    /// <summary>Channels of an item.</summary>
    public int Channels { get; private set; }

    /// <summary>Height of an item. A batch of one item has that item's own size; larger batches have the source's.</summary>
    public int Height { get; private set; }

    /// <summary>Width of an item. A batch of one item has that item's own size; larger batches have the source's.</summary>
    public int Width { get; private set; }

    /// <summary>The floats of one item.</summary>
    public int ItemLength => Channels * Height * Width;

    /// <summary>The items, in Caffe's order (item, channel, row, column). May be longer than <see cref="Size"/> times <see cref="ItemLength"/>.</summary>
    public float[] Data { get; private set; }

    /// <summary>One label per item.</summary>
    public float[] Labels { get; }

    /// <summary>The running number of the first item: records handed out before this batch.</summary>
    public long FirstRecord { get; internal set; }

    /// <summary>The running number of the record after the last item.</summary>
    public long EndRecord => FirstRecord + Size;

    /// <summary>The database key or file name of an item, for messages.</summary>
    public string KeyOf(int item)
    {
        if (_names[item] is { } name) return name;
        return Encoding.UTF8.GetString(_keyBytes, _keySpans[2 * item], _keySpans[2 * item + 1]);
    }

    internal void Reshape(int channels, int height, int width)
    {
        Channels = channels;
        Height = height;
        Width = width;
        long length = (long)Size * channels * height * width;
        if (length > int.MaxValue)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"A batch of {Size} items of {channels}x{height}x{width} has {length} numbers; at most {int.MaxValue} fit. Use a smaller batch_size."));
        }

        if (Data.Length < length) Data = new float[length];
    }

    internal void ClearKeys() => _keyUsed = 0;

    private int _keyUsed;

    internal void SetKey(int item, ReadOnlySpan<byte> key)
    {
        lock (_keyLock)
        {
            if (_keyUsed + key.Length > _keyBytes.Length)
                Array.Resize(ref _keyBytes, Math.Max(2 * _keyBytes.Length, _keyUsed + Math.Max(key.Length, 16) * Size));
            key.CopyTo(_keyBytes.AsSpan(_keyUsed));
            _keySpans[2 * item] = _keyUsed;
            _keySpans[2 * item + 1] = key.Length;
            _keyUsed += key.Length;
            _names[item] = null;
        }
    }

    internal void SetName(int item, string name) => _names[item] = name;
}
