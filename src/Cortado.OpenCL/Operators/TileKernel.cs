using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>A kernel for GPUs that computes a tile in each work-group.</summary>
internal sealed unsafe class TileKernel : IDisposable
{
    // A slice is worth its own sums when it is a few dozen slabs deep.
    private const int LeastSlice = 256;

    private readonly int _threads;

    public TileKernel(OpenClBackend backend, string file, TileTuning tuning, string name, string options = "")
    {
        Kernel = backend.CreateKernel(file, tuning.CompileOptions + options, name, tuning.Threads);
        _threads = tuning.Threads;
    }

    /// <summary>Takes the arguments in their order.</summary>
    public Kernel Kernel { get; }

    /// <summary>Runs the kernel, whose arguments are all given, over so many work-groups in each dimension.</summary>
    public void Run(int x, int y, int z)
    {
        nuint* global = stackalloc nuint[3] { (nuint)x * (nuint)_threads, (nuint)y, (nuint)z };
        nuint* local = stackalloc nuint[3] { (nuint)_threads, 1, 1 };
        Kernel.Run(3, global, local);
    }

    /// <summary>
    /// How to cut the depth where there are too few tiles for the device, so that all of it has work: so many slices of so many steps. It depends
    /// on the shape and the device alone.
    /// </summary>
    public static (int Slices, int Depth) Slice(OpenClBackend backend, TileTuning tuning, long tiles, int depth, int least = LeastSlice)
    {
        long wanted = (2L * backend.Device.ComputeUnits + tiles - 1) / Math.Max(1, tiles);
        int slices = (int)Math.Max(1, Math.Min(wanted, depth / least)), steps = PanelTuning.RoundUp(PanelTuning.DivideUp(depth, slices), tuning.TileK);
        return (Math.Max(1, PanelTuning.DivideUp(depth, steps)), Math.Max(1, steps));
    }

    public void Dispose() => Kernel.Dispose();
}
