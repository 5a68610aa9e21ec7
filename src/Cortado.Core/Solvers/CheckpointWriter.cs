using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cortado.Tensors;
using MessagePack;

namespace Cortado.Solvers;

/// <summary>Writes a checkpoint to a stream, array after array, without a copy of the whole.</summary>
internal sealed class CheckpointWriter : IBufferWriter<byte>
{
    private readonly Stream _stream;
    private readonly CheckpointHash _hash = new();
    private byte[] _buffer = new byte[1 << 16];
    private int _filled;

    private CheckpointWriter(Stream stream) => _stream = stream;

    /// <summary>Writes a whole checkpoint.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="header">The numbers.</param>
    /// <param name="blobs">Names and blobs: weights, then history, as many as the header says.</param>
    public static void Write(Stream stream, CheckpointHeader header, IReadOnlyList<(string Name, Blob Blob)> blobs)
    {
        var file = new CheckpointWriter(stream);
        var writer = new MessagePackWriter(file);
        writer.WriteArrayHeader(CheckpointLayout.Elements);
        writer.Write(CheckpointLayout.Magic);
        writer.Write(CheckpointLayout.Version);
        WriteHeader(ref writer, header);
        writer.WriteArrayHeader(blobs.Count);
        foreach ((string name, Blob blob) in blobs) file.WriteBlob(ref writer, name, blob);
        writer.Flush();
        file.Drain();

        Span<byte> trailer = stackalloc byte[CheckpointLayout.TrailerBytes];
        trailer[0] = CheckpointLayout.Bin8;
        trailer[1] = sizeof(ulong);
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[2..], file._hash.Value());
        stream.Write(trailer);
    }

    /// <summary>A checksum of the values of blobs.</summary>
    public static ulong HashOf(IReadOnlyList<Blob> blobs)
    {
        var hash = new CheckpointHash();
        foreach (Blob blob in blobs) hash.Add(MemoryMarshal.AsBytes(blob.ReadData()));
        return hash.Value();
    }

    public void Advance(int count) => _filled += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_filled);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_filled);
    }

    private static void WriteHeader(ref MessagePackWriter writer, CheckpointHeader header)
    {
        writer.WriteMapHeader(CheckpointLayout.HeaderFields);
        writer.Write(CheckpointLayout.Iteration);
        writer.Write(header.Iteration);
        writer.Write(CheckpointLayout.CurrentStep);
        writer.Write(header.CurrentStep);
        writer.Write(CheckpointLayout.Seed);
        writer.Write(header.Seed);
        writer.Write(CheckpointLayout.SolverType);
        writer.Write(header.SolverType);
        writer.Write(CheckpointLayout.Network);
        writer.Write(header.Network);
        writer.Write(CheckpointLayout.AverageLoss);
        writer.Write(header.AverageLoss);
        writer.Write(CheckpointLayout.LossesAdded);
        writer.Write(header.LossesAdded);
        writer.Write(CheckpointLayout.SmoothedLoss);
        writer.Write(header.SmoothedLoss);
        writer.Write(CheckpointLayout.LossWindow);
        writer.WriteArrayHeader(header.LossWindow.Length);
        foreach (float loss in header.LossWindow) writer.Write(loss);
        writer.Write(CheckpointLayout.HistoryHash);
        writer.Write(header.HistoryHash);
        writer.Write(CheckpointLayout.Weights);
        writer.Write(header.Weights);
        writer.Write(CheckpointLayout.History);
        writer.Write(header.History);
        writer.Write(CheckpointLayout.Cursors);
        writer.WriteArrayHeader(header.Cursors.Count);
        foreach (Dictionary<string, long> net in header.Cursors)
        {
            writer.WriteMapHeader(net.Count);
            foreach (KeyValuePair<string, long> cursor in net)
            {
                writer.Write(cursor.Key);
                writer.Write(cursor.Value);
            }
        }
    }

    private void WriteBlob(ref MessagePackWriter writer, string name, Blob blob)
    {
        writer.WriteArrayHeader(3);
        writer.Write(name);
        writer.WriteArrayHeader(blob.Shape.Rank);
        for (int i = 0; i < blob.Shape.Rank; i++) writer.Write(blob.Shape[i]);
        ReadOnlySpan<float> values = blob.ReadData();
        writer.WriteArrayHeader((values.Length + CheckpointLayout.ChunkFloats - 1) / CheckpointLayout.ChunkFloats);
        while (values.Length > 0)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(values.Length, CheckpointLayout.ChunkFloats)];
            writer.WriteBinHeader(chunk.Length * sizeof(float));
            writer.Flush();
            WriteThrough(MemoryMarshal.AsBytes(chunk));
            values = values[chunk.Length..];
        }
    }

    private void Reserve(int sizeHint)
    {
        int wanted = Math.Max(sizeHint, 256);
        if (_buffer.Length - _filled >= wanted) return;
        Drain();
        if (_buffer.Length < wanted) _buffer = new byte[wanted];
    }

    private void Drain()
    {
        WriteBytes(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }

    private void WriteThrough(ReadOnlySpan<byte> floats)
    {
        Drain();
        if (BitConverter.IsLittleEndian)
        {
            WriteBytes(floats);
            return;
        }
        byte[] swapped = floats.ToArray();
        for (int i = 0; i < swapped.Length; i += sizeof(float)) Array.Reverse(swapped, i, sizeof(float));
        WriteBytes(swapped);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _hash.Add(bytes);
        _stream.Write(bytes);
    }
}
