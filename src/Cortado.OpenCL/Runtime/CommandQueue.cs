using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The queue of a backend, in order: a command sees what all before it did; and beside it a queue for uploads, which wait for nothing but what they say. Both
/// belong to the backend's thread. Nothing here waits for the device but what says so. After a failure it takes no more commands, for what they would
/// compute on is not known: each says again what failed.
/// </summary>
internal unsafe class CommandQueue : IDisposable
{
    private readonly CL _cl = null!;
    private readonly OpenClDevice _device = null!;
    private readonly FaultInjection? _faults;
    private readonly nint _context, _queue;
    private readonly HashSet<nint>? _ran;
    private nint _uploads;
    private string? _lastKernel;
    private int _events;
    private bool _disposed;

    public CommandQueue(OpenClApi api, nint context, OpenClDevice device, FaultInjection? faults)
    {
        _cl = api.Cl;
        _context = context;
        _device = device;
        _faults = faults;
        if (device.IsPocl) _ran = new HashSet<nint>();
        _queue = Create();
    }

    /// <summary>A queue that gives nothing to a device.</summary>
    protected CommandQueue() => _disposed = true;

    /// <summary>What failed; null for nothing.</summary>
    public OpenClException? Failure { get; private set; }

    /// <summary>The failure that a test planned; null for none.</summary>
    public FaultInjection? Fault => _faults;

    /// <summary>How often the host waited for the commands of the queue.</summary>
    public long Waits { get; private set; }

    /// <summary>How often the host waited for the queue of uploads: for what was given to the device a step ago.</summary>
    public long UploadWaits { get; private set; }

    /// <summary>How often the host waited until the queue was empty.</summary>
    public long Finishes { get; private set; }

    /// <summary>Events that were made and not yet let go.</summary>
    public int Events => _events;

    /// <summary>Runs a kernel over work-groups of <paramref name="groupSize"/> work-items in the first dimension, and rows in the second.</summary>
    public virtual void Run(nint kernel, string name, nuint groups, nuint groupSize, nuint rows)
    {
        nuint* global = stackalloc nuint[2], local = stackalloc nuint[2];
        global[0] = groups * groupSize;
        global[1] = rows;
        local[0] = groupSize;
        local[1] = 1;
        Run(kernel, name, rows > 1 ? 2u : 1u, global, local);
    }

    /// <summary>Runs a kernel over any range; <paramref name="local"/> null leaves the work-group to the driver.</summary>
    public virtual void Run(nint kernel, string name, uint dimensions, nuint* global, nuint* local)
    {
        int code = Begin();
        _lastKernel = name;
        if (code == 0) code = IsFirst(kernel) ? RunFirst(kernel, dimensions, global, local) : Enqueue(kernel, dimensions, global, local);
        if (code != 0) throw Fail(code, $"clEnqueueNDRangeKernel of kernel {name}");
    }

    /// <summary>Sets memory to zero.</summary>
    public virtual void Clear(nint memory, nuint bytes)
    {
        if (bytes == 0) return;
        int zero = 0, code = Begin();
        Check(code != 0 ? code : _cl.EnqueueFillBuffer(_queue, memory, &zero, sizeof(int), 0, bytes, 0, null, null), "clEnqueueFillBuffer");
    }

    /// <summary>Copies between two pieces of device memory.</summary>
    public virtual void Copy(nint from, nint to, nuint bytes)
    {
        int code = Begin();
        Check(code != 0 ? code : _cl.EnqueueCopyBuffer(_queue, from, to, 0, 0, bytes, 0, null, null), "clEnqueueCopyBuffer");
    }

    /// <summary>Begins to copy to the device; the host memory must stay as it is until the event is done.</summary>
    public virtual nint BeginWrite(nint memory, void* from, nuint bytes)
    {
        nint done = 0;
        int code = Begin();
        Check(code != 0 ? code : _cl.EnqueueWriteBuffer(_queue, memory, false, 0, bytes, from, 0, null, &done), "clEnqueueWriteBuffer");
        _events++;
        return done;
    }

    /// <summary>Begins to copy to the host, behind all commands so far, and sends them on their way.</summary>
    public virtual nint BeginRead(nint memory, void* to, nuint bytes)
    {
        nint done = 0;
        int code = Begin();
        Check(code != 0 ? code : _cl.EnqueueReadBuffer(_queue, memory, false, 0, bytes, to, 0, null, &done), "clEnqueueReadBuffer");
        _events++;
        Flush();
        return done;
    }

    /// <summary>Copies to the host and waits for it.</summary>
    public virtual void Read(nint memory, void* to, nuint bytes)
    {
        int code = BeginWait();
        Check(code != 0 ? code : _cl.EnqueueReadBuffer(_queue, memory, true, 0, bytes, to, 0, null, null), "clEnqueueReadBuffer");
    }

    /// <summary>Makes memory that the device shares with the host visible there; waits where <paramref name="done"/> is null.</summary>
    public virtual void* Map(nint memory, MapFlags flags, nuint bytes, nint* done)
    {
        int code = done == null ? BeginWait() : Begin();
        void* address = null;
        if (code == 0) address = _cl.EnqueueMapBuffer(_queue, memory, done == null, flags, 0, bytes, 0, null, done, &code);
        Check(code, "clEnqueueMapBuffer");
        if (done == null) return address;
        _events++;
        Flush();
        return address;
    }

    /// <summary>Gives mapped memory back to the device.</summary>
    public virtual void Unmap(nint memory, void* address)
    {
        int code = Begin();
        Check(code != 0 ? code : _cl.EnqueueUnmapMemObject(_queue, memory, address, 0, null, null), "clEnqueueUnmapMemObject");
    }

    /// <summary>The same where its owner ends: nobody is told that it failed.</summary>
    public void UnmapAtLast(nint memory, void* address)
    {
        if (Failure == null) _cl.EnqueueUnmapMemObject(_queue, memory, address, 0, null, null);
    }

    /// <summary>An event that is done when all that was given so far is, and sends that on its way.</summary>
    public nint Marker()
    {
        nint done = 0;
        int code = Begin();
        Check(code != 0 ? code : _cl.EnqueueMarkerWithWaitList(_queue, 0, null, &done), "clEnqueueMarkerWithWaitList");
        _events++;
        Flush();
        return done;
    }

    /// <summary>
    /// Begins to copy to the device beside the queue's commands, as soon as <paramref name="after"/> is done, which it lets go. The queue's next
    /// commands see it; the host memory must stay as it is until the event is done.
    /// </summary>
    public virtual nint BeginUpload(nint memory, void* from, nuint bytes, ref nint after)
    {
        nint done = 0, first = after;
        try
        {
            int code = Begin();
            Check(code != 0 ? code : _cl.EnqueueWriteBuffer(Uploads(), memory, false, 0, bytes, from, first == 0 ? 0u : 1u, first == 0 ? null : &first, &done), "clEnqueueWriteBuffer");
            _events++;
        }
        finally
        {
            Release(ref after);
        }
        Join(done);
        return done;
    }

    /// <summary>Makes shared memory visible to the host, to overwrite it, beside the queue's commands; waits for no more than <paramref name="after"/>, which it lets go.</summary>
    public virtual void* MapForUpload(nint memory, nuint bytes, ref nint after)
    {
        nint first = after;
        UploadWaits++;
        try
        {
            int code = Begin();
            if (code == 0) code = _faults?.OnWait() ?? 0;
            void* address = null;
            if (code == 0) address = _cl.EnqueueMapBuffer(Uploads(), memory, true, MapFlags.Read | MapFlags.Write, 0, bytes, first == 0 ? 0u : 1u, first == 0 ? null : &first, null, &code);
            Check(code, "clEnqueueMapBuffer");
            return address;
        }
        finally
        {
            Release(ref after);
        }
    }

    /// <summary>Gives memory back that was mapped for an upload; the queue's next commands see it.</summary>
    public virtual void UnmapUpload(nint memory, void* address)
    {
        nint done = 0;
        int code = Begin();
        Check(code != 0 ? code : _cl.EnqueueUnmapMemObject(Uploads(), memory, address, 0, null, &done), "clEnqueueUnmapMemObject");
        _events++;
        Join(done);
        Release(ref done);
    }

    /// <summary>Waits for an event of the queue and lets it go.</summary>
    public virtual void Wait(ref nint done)
    {
        if (done == 0) return;
        Waits++;
        WaitFor(ref done);
    }

    /// <summary>Waits for an upload's event and lets it go.</summary>
    public virtual void WaitUpload(ref nint done)
    {
        if (done == 0) return;
        UploadWaits++;
        WaitFor(ref done);
    }

    /// <summary>Whether an event is done. Waits for nothing.</summary>
    public bool IsDone(nint done)
    {
        if (done == 0) return true;
        if (Failure != null) throw Again();
        int status = _faults?.OnWait() ?? 0;
        if (status == 0) Check(_cl.GetEventInfo(done, EventInfo.CommandExecutionStatus, sizeof(int), &status, null), "clGetEventInfo");
        if (status < 0) throw Fail(status, "a command that it had taken" + Behind());
        return status == 0;
    }

    /// <summary>Waits for an event whose owner ends, and lets it go: nobody is told that it failed.</summary>
    public void WaitAtLast(ref nint done)
    {
        nint waited = done;
        if (waited != 0 && Failure == null) _cl.WaitForEvents(1, &waited);
        Release(ref done);
    }

    /// <summary>Lets an event go.</summary>
    public void Release(ref nint done)
    {
        if (done == 0) return;
        _cl.ReleaseEvent(done);
        _events--;
        done = 0;
    }

    /// <summary>Says that a kernel is released: another may come to have its handle. May be called from any thread.</summary>
    public void Forget(nint kernel)
    {
        if (_ran == null) return;
        lock (_ran) _ran.Remove(kernel);
    }

    /// <summary>Sends all commands on their way.</summary>
    public virtual void Flush() => Check(_cl.Flush(_queue), "clFlush");

    /// <summary>Waits until all commands are done. For measuring and for the end: a step has none.</summary>
    public virtual void Finish()
    {
        if (Failure != null) throw Again();
        Finishes++;
        int code = _faults?.OnWait() ?? 0;
        Check(code != 0 ? code : _cl.Finish(_queue), "clFinish");
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        // A device that failed may never be done.
        if (Failure == null) _cl.Finish(_queue);
        if (Failure == null && _uploads != 0) _cl.Finish(_uploads);
        if (_uploads != 0) _cl.ReleaseCommandQueue(_uploads);
        _cl.ReleaseCommandQueue(_queue);
    }

    private nint Create()
    {
        int code;
        nint queue = _cl.CreateCommandQueue(_context, _device.DeviceId, default(CommandQueueProperties), &code);
        OpenClError.Check(code, "clCreateCommandQueue");
        return queue;
    }

    private bool IsFirst(nint kernel)
    {
        if (_ran == null) return false;
        lock (_ran) return _ran.Add(kernel);
    }

    private int Enqueue(nint kernel, uint dimensions, nuint* global, nuint* local) => _cl.EnqueueNdrangeKernel(_queue, kernel, dimensions, null, global, local, 0, null, null);

    // Compiled and done before any other queue's kernel is compiled. Once for each kernel, before the first iteration or answer.
    private int RunFirst(nint kernel, uint dimensions, nuint* global, nuint* local)
    {
        lock (Programs.Compiling)
        {
            int code = Enqueue(kernel, dimensions, global, local);
            return code != 0 ? code : _cl.Finish(_queue);
        }
    }

    private nint Uploads() => _uploads != 0 ? _uploads : _uploads = Create();

    // The queue's next commands wait for an upload; the host does not.
    private void Join(nint upload)
    {
        Check(_cl.Flush(_uploads), "clFlush");
        Check(_cl.EnqueueBarrierWithWaitList(_queue, 1, &upload, null), "clEnqueueBarrierWithWaitList");
    }

    private void WaitFor(ref nint done)
    {
        nint waited = done;
        if (Failure != null)
        {
            Release(ref done);
            throw Again();
        }
        int code = _faults?.OnWait() ?? 0, status = 0;
        if (code == 0) code = _cl.WaitForEvents(1, &waited);
        // The command itself knows better what it failed in.
        if (code != 0 && _cl.GetEventInfo(waited, EventInfo.CommandExecutionStatus, sizeof(int), &status, null) == 0 && status < 0) code = status;
        Release(ref done);
        Check(code, "clWaitForEvents");
    }

    private int Begin()
    {
        if (Failure != null) throw Again();
        return _faults?.OnCommand() ?? 0;
    }

    private int BeginWait()
    {
        Waits++;
        int code = Begin();
        return code != 0 ? code : _faults?.OnWait() ?? 0;
    }

    private void Check(int code, string call)
    {
        if (code != 0) throw Fail(code, call + Behind());
    }

    // Devices compute behind the host's back: what a call reports may have gone wrong in a kernel before.
    private string Behind() => _lastKernel == null ? "" : $" (the kernel given last was {_lastKernel})";

    private OpenClException Fail(int code, string where) => Failure = new OpenClException(
        $"{_device.Name} ({_device.Key}, driver {_device.DriverVersion}) failed in {where}: {OpenClError.Name(code)}.{OpenClError.Hint(code)}", code);

    // Each throw has its own stack.
    private OpenClException Again() => new(Failure!.Message, Failure.Code);
}
