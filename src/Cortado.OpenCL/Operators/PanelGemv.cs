using System.Globalization;
using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// A fully connected product for a few examples on CPU devices, with frozen weights: the kernels of gemv_cpu.cl, which read the weights as one
/// run of memory. They are kept a second time for that, in half precision if the backend is asked to.
/// </summary>
internal sealed class PanelGemv : IFewExamples
{
    /// <summary>As in gemv_cpu.cl: vectors of outputs in a panel.</summary>
    private const int Vectors = 4;

    /// <summary>With fewer outputs there are too few panels for the threads, and those few are filled badly.</summary>
    private const int LeastPanels = 4;

    private readonly InnerProductSpec _spec;
    private readonly ThreadKernel _pack, _product;
    private readonly DeviceMemory _panels;
    private readonly int _count;
    private bool _packed;

    public PanelGemv(OpenClBackend backend, PanelTuning tuning, InnerProductSpec spec)
    {
        _spec = spec;
        int panel = Vectors * tuning.Width;
        _count = PanelTuning.DivideUp(spec.Outputs, panel);
        string options = string.Format(CultureInfo.InvariantCulture, " -D BATCH={0}{1}", spec.Batch, backend.HalfWeights ? " -D HALF_WEIGHTS" : "");
        _panels = new DeviceMemory(backend, (long)_count * panel * spec.Inputs * (backend.HalfWeights ? sizeof(ushort) : sizeof(float)));
        _pack = new ThreadKernel(backend, "gemv_cpu.cl", tuning, "gemv_pack", options);
        _product = new ThreadKernel(backend, "gemv_cpu.cl", tuning, "gemv_panels", options);
    }

    /// <summary>Whether this suits a product.</summary>
    public static bool Suits(OpenClBackend backend, InnerProductSpec spec) =>
        backend.UsesCpuKernels && spec.FrozenWeights && spec.Outputs >= LeastPanels * Vectors * backend.MatrixKernels.Panels.Width;

    public void WeightsChanged() => _packed = false;

    public void Run(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output)
    {
        if (!_packed)
        {
            _pack.Kernel.Read(weights).Memory(_panels).Memory(_pack.Counters).Number(_spec.Inputs).Number(_spec.Outputs).Number(_spec.TransposedWeights ? 1 : 0);
            _pack.Run(_count);
            _packed = true;
        }
        _product.Kernel.Read(input).Memory(_panels).Read(bias).Write(output).Memory(_product.Counters)
            .Number(_spec.Inputs).Number(_spec.Outputs).Number(_spec.FuseRelu ? 1 : 0);
        _product.Run(_count);
    }

    public void Dispose()
    {
        _pack.Dispose();
        _product.Dispose();
        _panels.Dispose();
    }
}
