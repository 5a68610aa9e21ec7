using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The one queue of a backend, in order: a command sees what all before it did. It belongs to the backend's thread. Nothing
/// here waits for the device but what says so.
/// </summary>
internal unsafe class CommandQueue : IDisposable
{
    private readonly CL _cl = null!;
    private readonly nint _queue;
    private bool _disposed;

    public CommandQueue(OpenClApi api, nint context, nint device)
    {
        _cl = api.Cl;
        int code;
        _queue = _cl.CreateCommandQueue(context, device, default(CommandQueueProperties), &code);
        OpenClError.Check(code, "clCreateCommandQueue");
    }

    /// <summary>A queue that gives nothing to a device.</summary>
    protected CommandQueue() => _disposed = true;

    /// <summary>Runs a kernel over work-groups of <paramref name="groupSize"/> work-items in the first dimension, and rows in the second.</summary>
    public virtual void Run(nint kernel, nuint groups, nuint groupSize, nuint rows)
    {
        nuint* global = stackalloc nuint[2], local = stackalloc nuint[2];
        global[0] = groups * groupSize;
        global[1] = rows;
        local[0] = groupSize;
        local[1] = 1;
        OpenClError.Check(_cl.EnqueueNdrangeKernel(_queue, kernel, rows > 1 ? 2u : 1u, null, global, local, 0, null, null), "clEnqueueNDRangeKernel");
    }

    /// <summary>Runs a kernel over any range; <paramref name="local"/> null leaves the work-group to the driver.</summary>
    public virtual void Run(nint kernel, uint dimensions, nuint* global, nuint* local) =>
        OpenClError.Check(_cl.EnqueueNdrangeKernel(_queue, kernel, dimensions, null, global, local, 0, null, null), "clEnqueueNDRangeKernel");

    /// <summary>Sets memory to zero.</summary>
    public virtual void Clear(nint memory, nuint bytes)
    {
        if (bytes == 0) return;
        int zero = 0;
        OpenClError.Check(_cl.EnqueueFillBuffer(_queue, memory, &zero, sizeof(int), 0, bytes, 0, null, null), "clEnqueueFillBuffer");
    }

    /// <summary>Copies between two pieces of device memory.</summary>
    public virtual void Copy(nint from, nint to, nuint bytes) =>
        OpenClError.Check(_cl.EnqueueCopyBuffer(_queue, from, to, 0, 0, bytes, 0, null, null), "clEnqueueCopyBuffer");

    /// <summary>Begins to copy to the device; the host memory must stay as it is until the event is done.</summary>
    public virtual nint BeginWrite(nint memory, void* from, nuint bytes)
    {
        nint done;
        OpenClError.Check(_cl.EnqueueWriteBuffer(_queue, memory, false, 0, bytes, from, 0, null, &done), "clEnqueueWriteBuffer");
        return done;
    }

    /// <summary>Begins to copy to the host, behind all commands so far, and sends them on their way.</summary>
    public virtual nint BeginRead(nint memory, void* to, nuint bytes)
    {
        nint done;
        OpenClError.Check(_cl.EnqueueReadBuffer(_queue, memory, false, 0, bytes, to, 0, null, &done), "clEnqueueReadBuffer");
        Flush();
        return done;
    }

    /// <summary>Copies to the host and waits for it.</summary>
    public virtual void Read(nint memory, void* to, nuint bytes) =>
        OpenClError.Check(_cl.EnqueueReadBuffer(_queue, memory, true, 0, bytes, to, 0, null, null), "clEnqueueReadBuffer");

    /// <summary>Makes memory that the device shares with the host visible there; waits where <paramref name="done"/> is null.</summary>
    public virtual void* Map(nint memory, MapFlags flags, nuint bytes, nint* done)
    {
        int code;
        void* address = _cl.EnqueueMapBuffer(_queue, memory, done == null, flags, 0, bytes, 0, null, done, &code);
        OpenClError.Check(code, "clEnqueueMapBuffer");
        if (done != null) Flush();
        return address;
    }

    /// <summary>Gives mapped memory back to the device.</summary>
    public virtual void Unmap(nint memory, void* address) =>
        OpenClError.Check(_cl.EnqueueUnmapMemObject(_queue, memory, address, 0, null, null), "clEnqueueUnmapMemObject");

    /// <summary>Waits for an event and lets it go.</summary>
    public virtual void Wait(ref nint done)
    {
        if (done == 0) return;
        nint waited = done;
        done = 0;
        int code = _cl.WaitForEvents(1, &waited);
        _cl.ReleaseEvent(waited);
        OpenClError.Check(code, "clWaitForEvents");
    }

    /// <summary>Sends all commands on their way.</summary>
    public virtual void Flush() => OpenClError.Check(_cl.Flush(_queue), "clFlush");

    /// <summary>Waits until all commands are done. For measuring and for the end: a step has none.</summary>
    public virtual void Finish() => OpenClError.Check(_cl.Finish(_queue), "clFinish");

    public virtual void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _cl.Finish(_queue);
        _cl.ReleaseCommandQueue(_queue);
    }
}
