namespace Cortado.OpenCL.Operators;

/// <summary>Which of the two families of kernels multiplies matrices on a device, and with which numbers.</summary>
internal sealed class MatrixKernels
{
    private readonly OpenClBackend _backend;

    public MatrixKernels(OpenClBackend backend)
    {
        _backend = backend;
        Panels = PanelTuning.Default(backend.Device);
        Tiles = TileTuning.Default(backend.Device);
    }

    /// <summary>What CPU devices use.</summary>
    public PanelTuning Panels { get; set; }

    /// <summary>What GPUs use.</summary>
    public TileTuning Tiles { get; set; }

    public IGemm Gemm(GemmShape shape) => _backend.UsesCpuKernels ? new PanelGemm(_backend, Panels, shape) : new TiledGemm(_backend, Tiles, shape);

    public IConvolutionPass Pass(ConvolutionGeometry geometry, bool frozen) =>
        _backend.UsesCpuKernels ? new PanelConvolutionPass(_backend, Panels, geometry, frozen) : new TiledConvolutionPass(_backend, Tiles, geometry);

    public IConvolutionWeightGradient WeightGradient(ConvolutionGeometry geometry) =>
        _backend.UsesCpuKernels ? new PanelWeightGradient(_backend, Panels, geometry) : new TiledWeightGradient(_backend, Tiles, geometry);
}
