using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cortado.Tensors;
using MessagePack;

namespace Cortado.Solvers;

/// <summary>
/// Reads a checkpoint from a file through a window of fixed size: whatever the file claims, no memory is reserved for it
/// beyond that window, and arrays go straight into the blobs that wait for them. The checksum is tested before anything is used.
/// </summary>
internal sealed class CheckpointReader : IDisposable
{
    private const int ItemBytes = 1 << 16;
    private const int WindowBytes = CheckpointLayout.ChunkFloats * sizeof(float) + ItemBytes;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly byte[] _window = new byte[WindowBytes];
    private int _start, _end;
    private long _unread;

    private CheckpointReader(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>The numbers beside the arrays.</summary>
    public CheckpointHeader Header { get; } = new();

    /// <summary>Opens a checkpoint, tests it whole and reads its header.</summary>
    /// <exception cref="CortadoException">The file cannot be read, is no checkpoint, is damaged, or of another version.</exception>
    public static CheckpointReader Open(string path)
    {
        Stream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CortadoException($"{path}: the checkpoint cannot be read: {error.Message}", error);
        }
        var reader = new CheckpointReader(path, stream);
        try
        {
            reader.Guarded(reader.ReadStart);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as a checkpoint does.</summary>
    public static bool IsCheckpoint(string path)
    {
        Span<byte> start = stackalloc byte[2 + CheckpointLayout.Magic.Length];
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            int read = 0, got;
            while (read < start.Length && (got = stream.Read(start[read..])) > 0) read += got;
            return read == start.Length && HasMagic(start);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the arrays into blobs of the same names and shapes, in order: weights, then history.</summary>
    /// <exception cref="CortadoException">The checkpoint is of another network or solver; the message says where they part.</exception>
    public void ReadBlobs(IReadOnlyList<(string Name, Blob Blob)> blobs) => Guarded(() =>
    {
        int count = ReadArrayHeader();
        if (count != blobs.Count) throw Damaged($"it holds {count} arrays, its header says {blobs.Count}");
        foreach ((string name, Blob blob) in blobs) ReadBlob(name, blob);
    });

    /// <summary>Hands over all arrays in parts, whatever they are.</summary>
    public void ReadParts(CheckpointPart part) => Guarded(() =>
    {
        float[] values = new float[CheckpointLayout.ChunkFloats];
        int count = ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            (string name, int[] dims) = ReadBlobStart();
            int chunks = ReadArrayHeader();
            if (chunks == 0) part(name, dims, default);
            for (int j = 0; j < chunks; j++) part(name, dims, values.AsSpan(0, ReadChunk(values)));
        }
    });

    public void Dispose() => _stream.Dispose();

    private static bool HasMagic(ReadOnlySpan<byte> start)
    {
        // fixarray of five, fixstr of the magic's length.
        if (start[0] != (0x90 | CheckpointLayout.Elements) || start[1] != (0xa0 | CheckpointLayout.Magic.Length)) return false;
        for (int i = 0; i < CheckpointLayout.Magic.Length; i++)
            if (start[2 + i] != CheckpointLayout.Magic[i]) return false;
        return true;
    }

    private void Guarded(Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw Damaged(error.Message);
        }
        catch (IOException error)
        {
            throw new CortadoException($"{_path}: the checkpoint cannot be read: {error.Message}", error);
        }
    }

    private void ReadStart()
    {
        _unread = _stream.Length;
        Fill(ItemBytes);
        int head = 2 + CheckpointLayout.Magic.Length;
        if (_end - _start < head || !HasMagic(_window.AsSpan(_start, head)))
            throw new CortadoException($"{_path} is no Cortado checkpoint; expected a file that a training wrote, named PREFIX_iter_N.cortado.");
        _start += head;
        int version = ReadInt32();
        if (version != CheckpointLayout.Version)
            throw new CortadoException($"{_path} is a checkpoint of version {version}; this program reads version {CheckpointLayout.Version}. Use the program that wrote it, or go on from the .solverstate beside it.");
        CheckHash();
        ReadHeader();
    }

    private void CheckHash()
    {
        long length = _stream.Length - CheckpointLayout.TrailerBytes;
        if (length < 0) throw Damaged("it ends too early");
        var hash = new CheckpointHash();
        _stream.Position = 0;
        byte[] block = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            for (long left = length; left > 0;)
            {
                int read = _stream.Read(block, 0, (int)Math.Min(block.Length, left));
                if (read == 0) throw Damaged("it ends too early");
                hash.Add(block.AsSpan(0, read));
                left -= read;
            }
            Span<byte> trailer = block.AsSpan(0, CheckpointLayout.TrailerBytes);
            for (int read = 0; read < trailer.Length;)
            {
                int got = _stream.Read(trailer[read..]);
                if (got == 0) throw Damaged("it ends too early");
                read += got;
            }
            if (trailer[0] != CheckpointLayout.Bin8 || trailer[1] != sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(trailer[2..]) != hash.Value())
                throw Damaged("its checksum does not fit its content");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        // Go on behind what is in the window already; the checksum itself is not read again.
        _unread = length - _end;
        if (_unread < 0)
        {
            _end = (int)length;
            _unread = 0;
        }
        _stream.Position = _end;
    }

    private void ReadHeader()
    {
        int fields = ReadMapHeader();
        if (fields != CheckpointLayout.HeaderFields) throw Damaged($"its header has {fields} fields");
        for (int i = 0; i < fields; i++)
        {
            string name = ReadString();
            switch (name)
            {
                case CheckpointLayout.Iteration: Header.Iteration = ReadInt32(); break;
                case CheckpointLayout.CurrentStep: Header.CurrentStep = ReadInt32(); break;
                case CheckpointLayout.Seed: Header.Seed = ReadUInt64(); break;
                case CheckpointLayout.SolverType: Header.SolverType = ReadString(); break;
                case CheckpointLayout.Network: Header.Network = ReadString(); break;
                case CheckpointLayout.AverageLoss: Header.AverageLoss = ReadInt32(); break;
                case CheckpointLayout.LossesAdded: Header.LossesAdded = ReadInt32(); break;
                case CheckpointLayout.SmoothedLoss: Header.SmoothedLoss = ReadSingle(); break;
                case CheckpointLayout.LossWindow: Header.LossWindow = ReadSingles(); break;
                case CheckpointLayout.HistoryHash: Header.HistoryHash = ReadUInt64(); break;
                case CheckpointLayout.Weights: Header.Weights = ReadInt32(); break;
                case CheckpointLayout.History: Header.History = ReadInt32(); break;
                case CheckpointLayout.Cursors: ReadCursors(); break;
                default: throw Damaged($"its header has an unknown field '{name}'");
            }
        }
        if (Header.Iteration < 0 || Header.CurrentStep < 0 || Header.LossesAdded < 0 || Header.Weights < 0 || Header.History < 0)
            throw Damaged("a number in its header is negative");
    }

    private float[] ReadSingles()
    {
        int count = ReadArrayHeader();
        var values = new List<float>();
        for (int i = 0; i < count; i++) values.Add(ReadSingle());
        return values.ToArray();
    }

    private void ReadCursors()
    {
        int nets = ReadArrayHeader();
        if (nets > CheckpointLayout.MostNets) throw Damaged($"it speaks of {nets} networks");
        for (int i = 0; i < nets; i++)
        {
            var cursors = new Dictionary<string, long>(StringComparer.Ordinal);
            int layers = ReadMapHeader();
            for (int j = 0; j < layers; j++)
            {
                string layer = ReadString();
                cursors[layer] = ReadInt64();
            }
            Header.Cursors.Add(cursors);
        }
    }

    private void ReadBlob(string name, Blob blob)
    {
        (string found, int[] dims) = ReadBlobStart();
        if (found != name)
            throw new CortadoException($"{_path} is a checkpoint of another network: it has '{found}' where this one has '{name}'. To start from its weights only, give the .caffemodel beside it as --weights.");
        if (!dims.AsSpan().SequenceEqual(blob.Shape.ToArray()))
            throw new CortadoException($"{_path} is a checkpoint of another network: '{name}' has the shape {string.Join("x", dims)} there and {string.Join("x", blob.Shape.ToArray())} here. To start from its weights only, give the .caffemodel beside it as --weights.");

        Span<float> values = blob.WriteData();
        int chunks = ReadArrayHeader();
        for (int i = 0; i < chunks; i++)
        {
            int floats = ReadChunk(values);
            if (floats == 0) throw Damaged($"'{name}' has an empty part");
            values = values[floats..];
        }
        if (values.Length > 0) throw Damaged($"'{name}' lacks {values.Length} values");
    }

    private (string Name, int[] Dims) ReadBlobStart()
    {
        if (ReadArrayHeader() != 3) throw Damaged("an array is not as it should be");
        string name = ReadString();
        int rank = ReadArrayHeader();
        if (rank > Shape.MaxRank) throw Damaged($"'{name}' has {rank} axes");
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) dims[i] = ReadInt32();
        return (name, dims);
    }

    private int ReadChunk(Span<float> destination)
    {
        Fill(WindowBytes);
        MessagePackReader reader = Reader();
        ReadOnlySequence<byte> bytes = reader.ReadBytes() ?? throw Damaged("an array has a hole");
        if (bytes.Length % sizeof(float) != 0 || bytes.Length / sizeof(float) > destination.Length)
            throw Damaged("an array has another number of values than its shape says");
        int count = (int)bytes.Length / sizeof(float);
        Span<byte> target = MemoryMarshal.AsBytes(destination[..count]);
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            part.Span.CopyTo(target[at..]);
            at += part.Length;
        }
        if (!BitConverter.IsLittleEndian)
            for (int i = 0; i < target.Length; i += sizeof(float)) target.Slice(i, sizeof(float)).Reverse();
        _start += (int)reader.Consumed;
        return count;
    }

    private int ReadArrayHeader()
    {
        // MessagePack compares the claimed number with what stands in the window.
        Fill(WindowBytes);
        MessagePackReader reader = Reader();
        int value = reader.ReadArrayHeader();
        _start += (int)reader.Consumed;
        return value;
    }

    private int ReadMapHeader()
    {
        // MessagePack compares the claimed number with what stands in the window.
        Fill(WindowBytes);
        MessagePackReader reader = Reader();
        int value = reader.ReadMapHeader();
        _start += (int)reader.Consumed;
        return value;
    }

    private string ReadString()
    {
        MessagePackReader reader = Item();
        string value = reader.ReadString() ?? throw Damaged("a name is missing");
        _start += (int)reader.Consumed;
        return value;
    }

    private int ReadInt32()
    {
        MessagePackReader reader = Item();
        int value = reader.ReadInt32();
        _start += (int)reader.Consumed;
        return value;
    }

    private long ReadInt64()
    {
        MessagePackReader reader = Item();
        long value = reader.ReadInt64();
        _start += (int)reader.Consumed;
        return value;
    }

    private ulong ReadUInt64()
    {
        MessagePackReader reader = Item();
        ulong value = reader.ReadUInt64();
        _start += (int)reader.Consumed;
        return value;
    }

    private float ReadSingle()
    {
        MessagePackReader reader = Item();
        float value = reader.ReadSingle();
        _start += (int)reader.Consumed;
        return value;
    }

    private MessagePackReader Item()
    {
        Fill(ItemBytes);
        return Reader();
    }

    private MessagePackReader Reader() => new(new ReadOnlyMemory<byte>(_window, _start, _end - _start));

    // Makes the next bytes stand in the window: as many as asked for, or all that are left.
    private void Fill(int wanted)
    {
        if (_end - _start >= wanted || _unread == 0) return;
        Buffer.BlockCopy(_window, _start, _window, 0, _end - _start);
        _end -= _start;
        _start = 0;
        while (_end < _window.Length && _unread > 0)
        {
            int read = _stream.Read(_window, _end, (int)Math.Min(_window.Length - _end, _unread));
            if (read == 0) throw Damaged("it ends too early");
            _end += read;
            _unread -= read;
        }
    }

    private CortadoException Damaged(string how) =>
        new($"{_path}: the checkpoint is damaged: {how}. Go on from an earlier snapshot, or from the .solverstate beside it.");
}
