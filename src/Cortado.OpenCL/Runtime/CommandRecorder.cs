using System.Text;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// Writes down all that a backend asks of its device, so that it can be done again by another OpenCL implementation: one that checks
/// every access. For tests; a backend without one pays a comparison a command. What the device's memory holds where the host looks is written
/// down, too: the other implementation must come to the same.
/// </summary>
/// <remarks>
/// A file is a run of records: a byte that says what, then fields. A number is a little-endian int64, bytes are their length and
/// themselves. Memory, programs and kernels are known by their handles.
/// </remarks>
internal sealed unsafe class CommandRecorder : IDisposable
{
    private readonly object _lock = new();
    private readonly BinaryWriter _file;
    private bool _disposed;

    public CommandRecorder(string path) => _file = new BinaryWriter(File.Create(path));

    private enum Record : byte
    {
        Create = 1, Release, Write, Clear, Copy, Program, Kernel, Value, Memory, Launch, Expect, Note,
    }

    /// <summary>New memory; kernels may touch more of <paramref name="scratch"/> than they use.</summary>
    public void Create(nint memory, long bytes, bool scratch) => Put(Record.Create, memory, bytes, scratch ? 1 : 0);

    public void Release(nint memory) => Put(Record.Release, memory);

    public void Write(nint memory, void* from, nuint bytes) => PutBytes(Record.Write, new(from, (int)bytes), memory);

    public void Clear(nint memory, nuint bytes) => Put(Record.Clear, memory, (long)bytes);

    public void Copy(nint from, nint to, nuint bytes) => Put(Record.Copy, from, to, (long)bytes);

    public void Program(nint program, string text, string options) => PutBytes(Record.Program, Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(options), program);

    public void Kernel(nint kernel, nint program, string name) => PutBytes(Record.Kernel, Encoding.ASCII.GetBytes(name), kernel, program);

    public void Argument(nint kernel, uint argument, void* value, nuint size, bool memory)
    {
        if (memory) Put(Record.Memory, kernel, argument, *(nint*)value);
        else PutBytes(Record.Value, new(value, (int)size), kernel, argument);
    }

    /// <summary>A launch over up to three dimensions; a local size of 0 was left to the driver.</summary>
    public void Launch(nint kernel, uint dimensions, nuint* global, nuint* local)
    {
        long Size(nuint* sizes, uint i, long none) => sizes == null ? 0 : i < dimensions ? (long)sizes[i] : none;
        Put(Record.Launch, kernel, dimensions, Size(global, 0, 1), Size(global, 1, 1), Size(global, 2, 1), Size(local, 0, 1), Size(local, 1, 1), Size(local, 2, 1));
    }

    /// <summary>What the memory holds now.</summary>
    public void Expect(nint memory, ReadOnlySpan<byte> contents) => PutBytes(Record.Expect, contents, memory);

    /// <summary>A line for people: what the commands that follow belong to.</summary>
    public void Note(string text) => PutBytes(Record.Note, Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _file.Dispose();
        }
    }

    private void Put(Record what, params long[] numbers) => PutBytes(what, default, default, numbers);

    private void PutBytes(Record what, ReadOnlySpan<byte> bytes, params long[] numbers) => PutBytes(what, bytes, default, numbers);

    private void PutBytes(Record what, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> more, params long[] numbers)
    {
        lock (_lock)
        {
            // Memory that was forgotten is released whenever the garbage collector comes to it.
            if (_disposed) return;
            _file.Write((byte)what);
            foreach (long number in numbers) _file.Write(number);
            if (what is Record.Write or Record.Program or Record.Kernel or Record.Value or Record.Expect or Record.Note) Bytes(bytes);
            if (what is Record.Program) Bytes(more);
        }
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        _file.Write((long)bytes.Length);
        _file.Write(bytes);
    }
}
