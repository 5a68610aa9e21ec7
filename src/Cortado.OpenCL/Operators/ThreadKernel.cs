using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// A kernel for CPU devices: a work-item for each thread of the device, which take tasks until none is left. Which thread takes which task
/// changes no result.
/// </summary>
internal sealed class ThreadKernel : IDisposable
{
    private readonly DeviceMemory _counters;
    private readonly int _threads;

    public ThreadKernel(OpenClBackend backend, string file, PanelTuning tuning, string name, string options = "")
    {
        Kernel = backend.CreateKernel(file, tuning.CompileOptions + options, name, 1);
        _threads = Math.Max(1, backend.Device.ComputeUnits);
        _counters = new DeviceMemory(backend, 2 * sizeof(int));
        backend.Queue.Clear(_counters.Handle, (nuint)_counters.Bytes);
    }

    /// <summary>Takes the arguments in their order; <see cref="Counters"/> stands for the kernel's own.</summary>
    public Kernel Kernel { get; }

    public DeviceMemory Counters => _counters;

    /// <summary>Runs the kernel, whose arguments are all given.</summary>
    public void Run(int tasks) => Kernel.Run(Math.Min(_threads, tasks));

    public void Dispose()
    {
        Kernel.Dispose();
        _counters.Dispose();
    }
}
