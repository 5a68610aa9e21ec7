using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// Which of the two families of kernels multiplies matrices on a device, and with which numbers: those that tuning found on this device,
/// else what does well on its family.
/// </summary>
internal sealed class MatrixKernels
{
    private readonly OpenClBackend _backend;

    public MatrixKernels(OpenClBackend backend, TuningStore? store)
    {
        _backend = backend;
        Store = store;
        Panels = PanelTuning.Default(backend.Device);
        Tiles = TileTuning.Default(backend.Device);
        Key = backend.UsesCpuKernels
            ? TuningStore.KeyOf("panels", backend.Device, "gemm_cpu.cl", "convolution_cpu.cl", "winograd_cpu.cl")
            : TuningStore.KeyOf("tiles", backend.Device, "gemm_gpu.cl", "convolution_gpu.cl", "convolution_weights_gpu.cl", "pack_gpu.cl");
        if (store?.Read(Key) is not { } options) return;
        if (backend.UsesCpuKernels)
        {
            if (PanelTuning.Parse(options) is not { } panels || panels.Problem(backend.Device) != null) return;
            Panels = panels;
        }
        else
        {
            if (TileTuning.Parse(options) is not { } tiles || tiles.Problem(backend.Device) != null) return;
            Tiles = tiles;
        }
        Tuned = true;
    }

    /// <summary>Where winners of tuning are kept; null for nowhere.</summary>
    public TuningStore? Store { get; }

    /// <summary>The key of this device's winner there.</summary>
    public string Key { get; }

    /// <summary>Whether the numbers come from tuning.</summary>
    public bool Tuned { get; private set; }

    /// <summary>Keeps a winner of tuning. Returns the file's path; null where nothing could be written.</summary>
    public string? Keep(string options, double flopsPerSecond)
    {
        string? path = Store?.Write(Key, options, flopsPerSecond);
        Tuned |= path != null;
        return path;
    }

    /// <summary>Whether somebody has kept a winner meanwhile, perhaps in another process.</summary>
    public bool IsKept => Store?.Read(Key) != null;

    /// <summary>What CPU devices use.</summary>
    public PanelTuning Panels { get; set; }

    /// <summary>What GPUs use.</summary>
    public TileTuning Tiles { get; set; }

    /// <summary>The numbers in use.</summary>
    public IKernelTuning Current => _backend.UsesCpuKernels ? Panels : Tiles;

    public IGemm Gemm(GemmShape shape) => _backend.UsesCpuKernels ? new PanelGemm(_backend, Panels, shape) : new TiledGemm(_backend, Tiles, shape);

    public IConvolutionPass Pass(ConvolutionGeometry geometry, bool frozen)
    {
        if (!_backend.UsesCpuKernels) return new TiledConvolutionPass(_backend, Tiles, geometry, frozen);
        if (frozen && WinogradTile.ForFew(geometry) is { } few) return new WinogradFewPass(_backend, Panels, geometry, few);
        return WinogradTile.For(geometry) is { } tile
            ? new WinogradPass(_backend, Panels, geometry, tile, frozen)
            : new PanelConvolutionPass(_backend, Panels, geometry, frozen);
    }

    public IConvolutionWeightGradient WeightGradient(ConvolutionGeometry geometry)
    {
        if (!_backend.UsesCpuKernels) return new TiledWeightGradient(_backend, Tiles, geometry);
        return WinogradTile.For(geometry) is { } tile
            ? new WinogradWeightGradient(_backend, Panels, geometry, tile)
            : new PanelWeightGradient(_backend, Panels, geometry);
    }
}
