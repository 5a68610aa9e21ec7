using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The managed backend: C# with SIMD on every core, no native code. Right everywhere, and the reference for the others.</summary>
public sealed class CpuBackend : IBackend
{
    private static readonly OperatorCatalog<CpuBackend> Operators = CpuOperators.Create();

    /// <summary>Creates the backend with its own threads.</summary>
    /// <param name="threads">How many threads compute, the caller's included; 0 for one per processor.</param>
    public CpuBackend(int threads = 0) : this(threads, CpuKernels.Best) { }

    internal CpuBackend(int threads, SimdLevel simd, CacheSizes? caches = null)
    {
        Workers = new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount);
        Workspace = new Workspace(Workers.Count);
        Kernels = CpuKernels.Create(simd);
        Blocking = new GemmBlocking(caches ?? CacheSizes.Detect(), Kernels.Gemm);
    }

    /// <inheritdoc/>
    public string Name => "CPU";

    /// <inheritdoc/>
    public string Description => $"managed backend, {Workers.Count} threads, {Kernels.Pack.Width * 32} bit vectors";

    internal WorkerPool Workers { get; }

    internal Workspace Workspace { get; }

    internal CpuKernels Kernels { get; }

    internal GemmBlocking Blocking { get; }

    /// <inheritdoc/>
    public DeviceBuffer Allocate(int count) => new HostBuffer(count);

    /// <summary>Does nothing: work is done when its call returns.</summary>
    public void Synchronize()
    {
    }

    /// <inheritdoc/>
    public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator =>
        Operators.TryPrepare(this, spec, out TOperator? prepared)
            ? prepared!
            : throw new NotSupportedException($"The managed backend has no operator for {spec.GetType().Name}.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Workers.Dispose();
        Workspace.Dispose();
    }
}
