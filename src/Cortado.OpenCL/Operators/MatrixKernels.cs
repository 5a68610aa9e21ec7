namespace Cortado.OpenCL.Operators;

/// <summary>Which of the two families of kernels multiplies matrices on a device, and with which numbers.</summary>
internal sealed class MatrixKernels
{
    private readonly OpenClBackend _backend;

    public MatrixKernels(OpenClBackend backend)
    {
        _backend = backend;
        Panels = PanelTuning.Default(backend.Device);
    }

    /// <summary>What CPU devices use.</summary>
    public PanelTuning Panels { get; set; }

    public IGemm Gemm(GemmShape shape) => new PanelGemm(_backend, Panels, shape);

    public IConvolutionPass Pass(ConvolutionGeometry geometry, bool frozen) => new PanelConvolutionPass(_backend, Panels, geometry, frozen);

    public IConvolutionWeightGradient WeightGradient(ConvolutionGeometry geometry) => new PanelWeightGradient(_backend, Panels, geometry);
}
