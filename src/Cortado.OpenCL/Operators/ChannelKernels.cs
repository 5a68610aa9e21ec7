using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>The kernels of channels.cl for one array's shape.</summary>
internal sealed class ChannelKernels : IDisposable
{
    private readonly OpenClBackend _backend;
    private readonly ReductionTuning _lanes;
    private readonly ElementTuning _elements;
    private readonly int _batch, _channels, _inner;
    private readonly List<Kernel> _kernels = new();

    public ChannelKernels(OpenClBackend backend, int batch, int channels, int inner)
    {
        _backend = backend;
        _lanes = ReductionTuning.Default(backend);
        _elements = ElementTuning.Single(backend);
        (_batch, _channels, _inner) = (batch, channels, inner);
        Count = checked(batch * channels * inner);
    }

    public int Count { get; }

    /// <summary>A kernel in which a work-group sums a channel of a term.</summary>
    public Kernel Sums(string name, string term = "SUM")
    {
        Kernel kernel = _backend.CreateKernel("channels.cl", _lanes.CompileOptions + " -D " + term, name, _lanes.Lanes);
        _kernels.Add(kernel);
        return kernel;
    }

    public Kernel Elements(string name)
    {
        Kernel kernel = _backend.CreateKernel("channels.cl", _elements.CompileOptions, name, _elements.WorkGroup);
        _kernels.Add(kernel);
        return kernel;
    }

    public Kernel Single(string name)
    {
        Kernel kernel = _backend.CreateKernel("channels.cl", _elements.CompileOptions, name, 1);
        _kernels.Add(kernel);
        return kernel;
    }

    /// <summary>The arguments that say the shape of a summing kernel.</summary>
    public Kernel Shape(Kernel kernel) => kernel.Number(_batch).Number(_channels).Number(_inner);

    /// <summary>Runs a summing kernel whose arguments are all given.</summary>
    public void RunSums(Kernel kernel) => kernel.Run(_channels);

    /// <summary>The arguments that say the shape of an elementwise kernel.</summary>
    public Kernel ElementShape(Kernel kernel) => kernel.Number(Count).Number(_channels).Number(_inner);

    /// <summary>Runs an elementwise kernel whose arguments are all given.</summary>
    public void RunElements(Kernel kernel) => kernel.RunItems(Count);

    public void Dispose()
    {
        foreach (Kernel kernel in _kernels) kernel.Dispose();
    }
}
