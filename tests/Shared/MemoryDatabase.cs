using Cortado.Data;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Tests;

/// <summary>A record database in memory: what a data layer's tests need of one, without a file.</summary>
public sealed class MemoryDatabase : IRecordDatabaseProvider, IRecordDatabase
{
    private readonly List<(byte[] Key, byte[] Value)> _records = new();

    public string Path => "memory";

    public long Count => _records.Count;

    public void Add(Datum datum) =>
        _records.Add((System.Text.Encoding.ASCII.GetBytes(_records.Count.ToString("D8", System.Globalization.CultureInfo.InvariantCulture)), datum.ToByteArray()));

    /// <summary>Images whose brightness tells their class apart, on noise, with the labels given in turn.</summary>
    public static MemoryDatabase OfImages(int count, int size, Func<int, int> label, int seed = 1)
    {
        var database = new MemoryDatabase();
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            int of = label(i);
            var pixels = new byte[3 * size * size];
            random.NextBytes(pixels);
            for (int j = 0; j < pixels.Length; j++) pixels[j] = (byte)(of == 0 ? 60 + pixels[j] / 2 : 120 + pixels[j] / 2);
            database.Add(new Datum { Channels = 3, Height = size, Width = size, Label = of, Data = ByteString.CopyFrom(pixels) });
        }
        return database;
    }

    public IRecordDatabase Open(string path, DataParameter.Types.DB backend) => new View(this);

    public IRecordCursor OpenCursor() => new Cursor(_records);

    public void Dispose() { }

    // Who opens a database disposes it; the records stay for the next one.
    private sealed class View(MemoryDatabase owner) : IRecordDatabase
    {
        public string Path => owner.Path;

        public long Count => owner.Count;

        public IRecordCursor OpenCursor() => owner.OpenCursor();

        public void Dispose() { }
    }

    private sealed class Cursor(List<(byte[] Key, byte[] Value)> records) : IRecordCursor
    {
        private int _at = -1;

        public ReadOnlySpan<byte> Key => records[_at].Key;

        public ReadOnlySpan<byte> Value => records[_at].Value;

        public bool MoveToFirst()
        {
            _at = 0;
            return records.Count > 0;
        }

        public bool MoveNext()
        {
            if (_at + 1 >= records.Count) return false;
            _at++;
            return true;
        }

        public bool Seek(ReadOnlySpan<byte> key)
        {
            for (int i = 0; i < records.Count; i++)
            {
                if (records[i].Key.AsSpan().SequenceCompareTo(key) < 0) continue;
                _at = i;
                return true;
            }
            return false;
        }

        public void Dispose() { }
    }
}
