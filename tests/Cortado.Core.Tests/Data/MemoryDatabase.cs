using System.Text;
using Cortado.Data;

namespace Cortado.Tests.Data;

/// <summary>A database in memory whose cursors keep to the letter of the contract: a span is worthless after the next move.</summary>
internal sealed class MemoryDatabase : IRecordDatabase
{
    private readonly List<(byte[] Key, byte[] Value)> _records;
    private int _openCursors;

    public MemoryDatabase(IEnumerable<(string Key, byte[] Value)> records) =>
        _records = records.Select(r => (Encoding.UTF8.GetBytes(r.Key), r.Value)).ToList();

    public string Path => "memory";

    public long Count => _records.Count;

    public bool IsDisposed { get; private set; }

    public int OpenCursors => _openCursors;

    public IRecordCursor OpenCursor()
    {
        Interlocked.Increment(ref _openCursors);
        return new Cursor(this);
    }

    public void Dispose() => IsDisposed = true;

    private sealed class Cursor(MemoryDatabase database) : IRecordCursor
    {
        private readonly byte[] _key = new byte[4096];
        private readonly byte[] _value = new byte[1 << 20];
        private int _at = -1;

        public ReadOnlySpan<byte> Key => _key.AsSpan(0, database._records[_at].Key.Length);

        public ReadOnlySpan<byte> Value => _value.AsSpan(0, database._records[_at].Value.Length);

        public bool MoveToFirst() => MoveTo(0);

        public bool MoveNext() => MoveTo(_at + 1);

        public bool Seek(ReadOnlySpan<byte> key) => throw new NotSupportedException();

        public void Dispose() => Interlocked.Decrement(ref database._openCursors);

        private bool MoveTo(int at)
        {
            Assert.False(database.IsDisposed);
            if (at >= database._records.Count) return false;
            _at = at;
            database._records[at].Key.CopyTo(_key, 0);
            database._records[at].Value.CopyTo(_value, 0);
            return true;
        }
    }
}
