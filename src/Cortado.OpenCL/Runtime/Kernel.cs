using Cortado.Tensors;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// A kernel with its arguments, given one after the other in the order of its signature and then run:
/// <c>kernel.Read(x).Write(y).Number(count).Run(groups)</c>. Buffers come up to date on the device on the way. Nothing is allocated.
/// </summary>
internal sealed unsafe class Kernel : IDisposable
{
    private readonly OpenClBackend _backend;
    private readonly CL _cl;
    private readonly string _name;
    private readonly nuint _groupSize;
    private nint _handle;
    private uint _argument;

    /// <summary>Creates a kernel.</summary>
    /// <param name="backend">Where it runs.</param>
    /// <param name="program">The compiled program.</param>
    /// <param name="name">The kernel's name in it.</param>
    /// <param name="groupSize">Work-items in a work-group.</param>
    public Kernel(OpenClBackend backend, nint program, string name, int groupSize)
    {
        _backend = backend;
        _cl = backend.Api.Cl;
        _name = name;
        _groupSize = (nuint)groupSize;
        int code;
        byte[] text = System.Text.Encoding.ASCII.GetBytes(name + "\0");
        fixed (byte* first = text) _handle = _cl.CreateKernel(program, first, &code);
        OpenClError.Check(code, $"clCreateKernel ({name})");
        backend.Recorder?.Kernel(_handle, program, name);
        backend.CountHandle(1);
    }

    /// <summary>A kernel of a backend that only counts memory: it takes its arguments, so that buffers are made, and runs nothing.</summary>
    public Kernel(OpenClBackend backend, string name)
    {
        _backend = backend;
        _cl = backend.Api.Cl;
        _name = name;
        _groupSize = 1;
    }

    ~Kernel() => Release();

    /// <summary>The next argument: a buffer that the kernel reads; null stays null.</summary>
    public Kernel Read(DeviceBuffer? buffer) => Memory(buffer == null ? 0 : Own(buffer).ForRead());

    /// <summary>The next argument: a buffer of which the kernel overwrites all that counts. Give what is read before it where they may be the same.</summary>
    public Kernel Write(DeviceBuffer? buffer) => Memory(buffer == null ? 0 : Own(buffer).ForWrite());

    /// <summary>The next argument: a buffer that the kernel reads and changes, or overwrites only in part.</summary>
    public Kernel Update(DeviceBuffer? buffer) => Memory(buffer == null ? 0 : Own(buffer).ForUpdate());

    /// <summary>The next argument: workspace.</summary>
    public Kernel Memory(DeviceMemory memory) => Memory(memory.Handle);

    /// <summary>The next argument: a memory object, or none.</summary>
    public Kernel Memory(nint handle) => Set(&handle, (nuint)sizeof(nint), memory: true);

    /// <summary>The next argument: an int or uint.</summary>
    public Kernel Number(int value) => Set(&value, sizeof(int));

    /// <summary>The next argument: a uint.</summary>
    public Kernel Number(uint value) => Set(&value, sizeof(uint));

    /// <summary>The next argument: a ulong.</summary>
    public Kernel Number(ulong value) => Set(&value, sizeof(ulong));

    /// <summary>The next argument: a float.</summary>
    public Kernel Number(float value) => Set(&value, sizeof(float));

    /// <summary>The next argument: a struct that the kernel file declares with the same fields, passed by value.</summary>
    public Kernel Value<T>(T value) where T : unmanaged => Set(&value, (nuint)sizeof(T));

    /// <summary>Runs that many work-groups, in each of that many rows (the second dimension).</summary>
    public void Run(long groups, long rows = 1)
    {
        _argument = 0;
        if (groups <= 0 || rows <= 0) return;
        _backend.Queue.Run(_handle, _name, (nuint)groups, _groupSize, (nuint)rows);
    }

    /// <summary>Runs over as many work-items as are needed for one each.</summary>
    public void RunItems(long items) => Run((items + (long)_groupSize - 1) / (long)_groupSize);

    /// <summary>Runs over a range of up to three dimensions with its own work-groups.</summary>
    public void Run(uint dimensions, nuint* global, nuint* local)
    {
        _argument = 0;
        _backend.Queue.Run(_handle, _name, dimensions, global, local);
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private OpenClBuffer Own(DeviceBuffer buffer)
    {
        if (buffer is OpenClBuffer own && own.Backend == _backend) return own;
        throw new InvalidOperationException($"Kernel {_name} was given a buffer of another backend.");
    }

    private Kernel Set(void* value, nuint size, bool memory = false)
    {
        if (_handle == 0 && _backend.Rehearses) return this;
        _backend.Recorder?.Argument(_handle, _argument, value, size, memory);
        int code = _cl.SetKernelArg(_handle, _argument, size, value);
        if (code != 0) throw OpenClError.Failure(code, $"clSetKernelArg ({_name}, argument {_argument})");
        _argument++;
        return this;
    }

    private void Release()
    {
        if (_handle == 0) return;
        _backend.Queue.Forget(_handle);
        _cl.ReleaseKernel(_handle);
        _backend.CountHandle(-1);
        _handle = 0;
    }
}
