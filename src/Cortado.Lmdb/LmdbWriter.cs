using Cortado.Data;

namespace Cortado.Lmdb;

using static LmdbFormat;

/// <summary>
/// Writes an LMDB that liblmdb 0.9 (and so Caffe) reads, in managed code. A new database is built beside its place and moved
/// there on <see cref="Commit"/>; appending writes behind what is there and changes one meta page at the end, so a crash at any
/// moment leaves the last committed state whole, and readers may go on reading it.
/// </summary>
/// <remarks>
/// Records in ascending key order are written at once. Of others, the key and a value of less than half a page wait in memory
/// for <see cref="Commit"/>; larger values go to the disk at once. One writer at a time; no liblmdb program may write to the
/// database meanwhile. Pages that become unused are listed as free, for liblmdb, but not used again here.
/// </remarks>
public sealed class LmdbWriter : IRecordWriter
{
    private readonly string _path;
    private readonly string _target;
    private readonly string _workFile;
    private readonly bool _appending;
    private readonly bool _overwrite;
    private readonly string? _createdFolder;
    private readonly FileStream? _lock;
    private readonly PageFile _file;
    private readonly int _nodeMax;
    private readonly int _maxKeyLength;
    private readonly List<PendingRecord> _pending = new();
    private readonly byte[] _overflowNumber = new byte[sizeof(long)];
    private TreeBuilder? _builder;
    private byte[] _lastKey = Array.Empty<byte>();
    private int _lastKeyLength;
    private LmdbMeta _meta;
    private bool _finished;
    private bool _disposed;

    private LmdbWriter(string path, string target, string workFile, FileStream stream, FileStream? fileLock, LmdbMeta meta, bool overwrite, string? createdFolder)
    {
        _path = path;
        _target = target;
        _workFile = workFile;
        _lock = fileLock;
        _meta = meta;
        _overwrite = overwrite;
        _createdFolder = createdFolder;
        _appending = fileLock != null;
        _file = new PageFile(stream, workFile, meta.PageSize, meta.LastPage + 1);
        _nodeMax = NodeMax(meta.PageSize);
        _maxKeyLength = Math.Min(MaxKeyLength, _nodeMax - NodeHeader - sizeof(long));
        if (!_appending) _builder = new TreeBuilder(_file, meta.Main);
    }

    /// <summary>Records that are committed.</summary>
    public long Count => _meta.Main.Entries;

    /// <summary>Starts a new database. Nothing is to be seen at its place before <see cref="Commit"/>, after which the writer takes no more records.</summary>
    /// <param name="path">The folder to hold data.mdb (Caffe's form), or a file name that ends in .mdb.</param>
    /// <param name="overwrite">Whether a database that is there may be replaced.</param>
    /// <param name="pageSize">Bytes of a page: a power of two from 512 to 32768.</param>
    /// <exception cref="CortadoException">There is a database and <paramref name="overwrite"/> is false, or the place cannot be written.</exception>
    public static LmdbWriter Create(string path, bool overwrite = false, int pageSize = DefaultPageSize)
    {
        if (!IsPageSize(pageSize) || pageSize < 512) throw new ArgumentOutOfRangeException(nameof(pageSize));
        if (Directory.Exists(path) && LmdbPath.IsLevelDb(path))
            throw new CortadoException($"{path} holds a LevelDB database. Choose another place for the LMDB.");
        string target = LmdbPath.ForCreation(path);
        RefuseExisting(path, target, overwrite);
        string work = target + ".partial";
        string? created = null;
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                created = folder;
            }

            var stream = new FileStream(work, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20);
            return new LmdbWriter(path, target, work, stream, null, EmptyMeta(pageSize), overwrite, created);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CortadoException($"The database {path} cannot be created: {e.Message}", e);
        }
    }

    /// <summary>Opens a database to add records, creating an empty one where there is none. <see cref="Commit"/> may be called many times.</summary>
    /// <param name="path">Its folder or file.</param>
    /// <exception cref="CortadoException">It is broken, another writer has it open, or it cannot be written.</exception>
    public static LmdbWriter Append(string path)
    {
        string target = LmdbPath.ForCreation(path);
        if (!File.Exists(target))
        {
            using LmdbWriter empty = Create(path);
            empty.Commit();
        }

        LmdbMeta meta;
        using (LmdbDatabase database = LmdbDatabase.Open(target)) meta = database.Meta;
        FileStream? fileLock = null;
        try
        {
            fileLock = new FileStream(target + ".writing", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);

            // Read again now that no other writer of ours can change it.
            using (LmdbDatabase database = LmdbDatabase.Open(target)) meta = database.Meta;
            var stream = new FileStream(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
            long pages = stream.Length / meta.PageSize;
            if (pages <= meta.LastPage)
            {
                stream.Dispose();
                throw LmdbPage.Broken(target, meta.LastPage, FormattableString.Invariant($"the file has only {pages} pages"), "this last page");
            }

            return new LmdbWriter(path, target, target, stream, fileLock, meta, overwrite: true, createdFolder: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            fileLock?.Dispose();
            throw new CortadoException($"The database {path} cannot be opened for writing: {e.Message} Is another program writing to it?", e);
        }
        catch
        {
            fileLock?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CortadoException">The key is empty or too long, or the disk cannot take the value.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        CheckOpen();
        if (key.Length == 0 || key.Length > _maxKeyLength)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{_path}: a key of {key.Length} bytes ({KeyText.Of(key)}) cannot be stored; LMDB takes 1 to {_maxKeyLength} bytes."));
        }

        try
        {
            bool big = NodeHeader + key.Length + (long)value.Length > _nodeMax;
            ReadOnlySpan<byte> stored = value;
            if (big)
            {
                PutI64(_overflowNumber, 0, _file.AppendOverflow(value));
                stored = _overflowNumber;
            }

            if (_builder != null && key.SequenceCompareTo(_lastKey.AsSpan(0, _lastKeyLength)) > 0)
            {
                _builder.Add(new LeafNode(key, stored, (uint)value.Length, big));
                if (_lastKey.Length < key.Length) _lastKey = new byte[MaxKeyLength];
                key.CopyTo(_lastKey);
                _lastKeyLength = key.Length;
            }
            else
            {
                _pending.Add(new PendingRecord(key.ToArray(), stored.ToArray(), (uint)value.Length, big));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CortadoException">The disk cannot take it; what was committed before stands.</exception>
    public void Commit()
    {
        CheckOpen();
        if (_appending && _pending.Count == 0) return;
        try
        {
            LmdbMeta next = _meta;
            next.Transaction++;
            if (_builder != null) next.Main = _builder.Finish();
            var freed = new List<long>();
            next.Main = TreeUpdate.Apply(_file, next.Main, SortedPending(freed), freed);
            next.Free = WithFreed(next.Free, next.Transaction, freed);
            next.LastPage = _file.NextPage - 1;
            next.MapSize = Math.Max(next.MapSize, MapSize(_file.NextPage * _file.PageSize));
            _file.Flush();
            if (!_appending) _file.WriteMeta(_meta, (int)(_meta.Transaction & 1));
            _file.WriteMeta(next, (int)(next.Transaction & 1));
            _file.Flush();
            if (!_appending) MoveIntoPlace();
            _meta = next;
            _pending.Clear();
            _builder = null;
            _finished = !_appending;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>Closes the files. Records that were not committed are dropped, with the files made for them.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            _file.Dispose();
            if (!_appending && !_finished)
            {
                File.Delete(_workFile);
                if (_createdFolder != null && !Directory.EnumerateFileSystemEntries(_createdFolder).Any()) Directory.Delete(_createdFolder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left over is a .partial file, which the next writer replaces.
        }
        finally
        {
            _lock?.Dispose();
        }
    }

    private static LmdbMeta EmptyMeta(int pageSize) => new()
    {
        MapSize = MapSize(0),
        Free = LmdbTree.Empty(IntegerKey, (uint)pageSize),
        Main = LmdbTree.Empty(0, 0),
        LastPage = 1,
    };

    private static long MapSize(long length) => Math.Max(1L << 20, (length + (1L << 20) - 1) >> 20 << 20);

    private static void RefuseExisting(string path, string target, bool overwrite)
    {
        if (!overwrite && File.Exists(target))
            throw new CortadoException($"There is already a database at {path}; it is not replaced unless you ask for it (--force).");
    }

    /// <summary>The waiting records in key order; of several with one key the last.</summary>
    private List<PendingRecord> SortedPending(List<long> freed)
    {
        var order = new int[_pending.Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) =>
        {
            int byKey = _pending[a].Key.AsSpan().SequenceCompareTo(_pending[b].Key);
            return byKey != 0 ? byKey : a.CompareTo(b);
        });
        var sorted = new List<PendingRecord>(order.Length);
        for (int i = 0; i < order.Length; i++)
        {
            PendingRecord record = _pending[order[i]];
            bool replaced = i + 1 < order.Length && record.Key.AsSpan().SequenceEqual(_pending[order[i + 1]].Key);
            if (!replaced)
            {
                sorted.Add(record);
            }
            else if (record.IsBig)
            {
                long first = I64(record.Stored, 0);
                for (int page = 0; page < OverflowPages(record.Length, _file.PageSize); page++) freed.Add(first + page);
            }
        }

        return sorted;
    }

    /// <summary>Lists pages as free since a transaction, as liblmdb does: a count, then their numbers in descending order.</summary>
    private LmdbTree WithFreed(LmdbTree free, long transaction, List<long> freed)
    {
        if (freed.Count == 0) return free;

        // The list names the pages of its own tree that writing it replaces: those on the way to its last leaf.
        freed.AddRange(TreeUpdate.LastPath(_file, free));
        freed.Sort();
        byte[] key = new byte[sizeof(long)];
        PutI64(key, 0, transaction);
        byte[] list = new byte[sizeof(long) * (freed.Count + 1)];
        PutI64(list, 0, freed.Count);
        for (int i = 0; i < freed.Count; i++) PutI64(list, sizeof(long) * (freed.Count - i), freed[i]);
        bool big = NodeHeader + key.Length + list.Length > _nodeMax;
        byte[] stored = list;
        if (big)
        {
            stored = new byte[sizeof(long)];
            PutI64(stored, 0, _file.AppendOverflow(list));
        }

        return TreeUpdate.Apply(_file, free, new List<PendingRecord> { new(key, stored, (uint)list.Length, big) }, new List<long>());
    }

    private void MoveIntoPlace()
    {
        _file.Dispose();
        RefuseExisting(_path, _target, _overwrite);
        if (File.Exists(_target)) File.Replace(_workFile, _target, null);
        else File.Move(_workFile, _target);
    }

    private CortadoException CannotWrite(Exception e) => new($"The database {_path} cannot be written: {e.Message}", e);

    private void CheckOpen()
    {
        if (_disposed) throw new ObjectDisposedException(nameof(LmdbWriter));
        if (_finished) throw new InvalidOperationException("This new database is committed and complete; open it with LmdbWriter.Append to add records.");
    }
}
