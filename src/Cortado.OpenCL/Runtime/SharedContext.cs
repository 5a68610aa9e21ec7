namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The OpenCL context of a device: backends of one device in one process share it while there are any. PoCL 3.1 guards its
/// compiler by a lock a context, and breaks down when two contexts compile at once; a driver's context costs memory, too.
/// </summary>
internal sealed unsafe class SharedContext : IDisposable
{
    // The only state that backends share. A context is a property of the process.
    private static readonly Dictionary<nint, SharedContext> Open = new();

    private readonly OpenClApi _api;
    private readonly nint _device;
    private int _users;
    private bool _abandoned;

    private SharedContext(OpenClApi api, nint device)
    {
        _api = api;
        _device = device;
        int code;
        Handle = api.Cl.CreateContext(null, 1, &device, null!, null, &code);
        OpenClError.Check(code, "clCreateContext");
    }

    public nint Handle { get; }

    /// <summary>The device's context, for one more user.</summary>
    public static SharedContext Get(OpenClApi api, nint device)
    {
        lock (Open)
        {
            if (!Open.TryGetValue(device, out SharedContext? context)) Open.Add(device, context = new SharedContext(api, device));
            context._users++;
            return context;
        }
    }

    /// <summary>
    /// A context of its user's own, for work that may fail: a kernel that goes wrong takes its context with it on some drivers. PoCL cannot have two, and does not need
    /// them.
    /// </summary>
    public static SharedContext GetOwn(OpenClApi api, OpenClDevice device)
    {
        if (device.IsPocl) return Get(api, device.DeviceId);
        return new SharedContext(api, device.DeviceId) { _users = 1, _abandoned = true };
    }

    /// <summary>Gives the context to nobody any more; those who have it keep it.</summary>
    public void Abandon()
    {
        lock (Open)
        {
            if (_abandoned) return;
            _abandoned = true;
            Open.Remove(_device);
        }
    }

    /// <summary>One user less.</summary>
    public void Dispose()
    {
        lock (Open)
        {
            if (--_users > 0) return;
            if (!_abandoned) Open.Remove(_device);
            _api.Cl.ReleaseContext(Handle);
        }
    }
}
