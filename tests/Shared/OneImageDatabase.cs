using Cortado.Data;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Tests;

/// <summary>A database of one image, under any path: for networks whose data is not at hand.</summary>
public sealed class OneImageDatabase(int channels, int height, int width) : IRecordDatabaseProvider, IRecordDatabase
{
    private static readonly byte[] TheKey = "00000000"u8.ToArray();

    private readonly byte[] _value = new Datum
    {
        Channels = channels,
        Height = height,
        Width = width,
        Data = ByteString.CopyFrom(new byte[channels * height * width]),
        Label = 0,
    }.ToByteArray();

    /// <inheritdoc/>
    public string Path => "one image";

    /// <inheritdoc/>
    public long Count => 1;

    /// <inheritdoc/>
    public IRecordDatabase Open(string path, DataParameter.Types.DB backend) => this;

    /// <inheritdoc/>
    public IRecordCursor OpenCursor() => new Cursor(_value);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Cursor(byte[] value) : IRecordCursor
    {
        private bool _on;

        public ReadOnlySpan<byte> Key => TheKey;

        public ReadOnlySpan<byte> Value => value;

        public bool MoveToFirst() => _on = true;

        public bool MoveNext() => _on = !_on;

        public bool Seek(ReadOnlySpan<byte> key) => _on = key.SequenceCompareTo(TheKey) <= 0;

        public void Dispose()
        {
        }
    }
}
