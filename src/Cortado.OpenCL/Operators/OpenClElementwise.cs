using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>What sums, products and maxima of arrays have in common: elementwise.cl, four inputs a pass.</summary>
internal abstract class OpenClElementwise : IDisposable
{
    /// <summary>Inputs that one pass takes.</summary>
    protected const int InputsInPass = 4;

    private readonly OpenClBackend _backend;
    private readonly ElementTuning _tuning;
    private readonly List<Kernel> _kernels = new();

    protected OpenClElementwise(OpenClBackend backend, int count)
    {
        _backend = backend;
        _tuning = ElementTuning.Default(backend);
        Count = count;
        Items = _tuning.Items(count);
    }

    protected int Count { get; }

    protected long Items { get; }

    public void Dispose()
    {
        foreach (Kernel kernel in _kernels) kernel.Dispose();
    }

    protected Kernel CreateKernel(string name)
    {
        Kernel kernel = _backend.CreateKernel("elementwise.cl", _tuning.CompileOptions, name, _tuning.WorkGroup);
        _kernels.Add(kernel);
        return kernel;
    }
}

/// <summary>A sum of arrays.</summary>
internal sealed class OpenClWeightedSum : OpenClElementwise, IWeightedSum
{
    private readonly Kernel _sum;

    public OpenClWeightedSum(OpenClBackend backend, WeightedSumSpec spec) : base(backend, spec.Count) => _sum = CreateKernel("weighted_sum");

    public void Run(ReadOnlySpan<DeviceBuffer> inputs, ReadOnlySpan<float> coefficients, DeviceBuffer output)
    {
        // An output that is an input must be read in the pass that first writes it: past the first pass, it comes first.
        int late = -1;
        for (int i = InputsInPass; i < inputs.Length; i++)
            if (inputs[i] == output) late = i;
        int at = Math.Min(InputsInPass, inputs.Length);
        for (int i = 0; i < InputsInPass; i++) _sum.Read(i < at ? inputs[Order(i, late)] : null);
        _sum.Write(output).Number(Count).Number(at);
        for (int i = 0; i < InputsInPass; i++) _sum.Number(i >= at || coefficients.IsEmpty ? 1f : coefficients[Order(i, late)]);
        _sum.RunItems(Items);
        while (at < inputs.Length)
        {
            int more = Math.Min(InputsInPass - 1, inputs.Length - at);
            _sum.Read(output);
            for (int i = 0; i < InputsInPass - 1; i++) _sum.Read(i < more ? inputs[Order(at + i, late)] : null);
            _sum.Write(output).Number(Count).Number(more + 1).Number(1f);
            for (int i = 0; i < InputsInPass - 1; i++) _sum.Number(i >= more || coefficients.IsEmpty ? 1f : coefficients[Order(at + i, late)]);
            _sum.RunItems(Items);
            at += more;
        }
    }

    private static int Order(int place, int late) => late < 0 || place > late ? place : place == 0 ? late : place - 1;
}

/// <summary>A product of arrays.</summary>
internal sealed class OpenClElementwiseProduct : OpenClElementwise, IElementwiseProduct
{
    private readonly Kernel _product, _backward;
    private DeviceBuffer[] _factors = new DeviceBuffer[InputsInPass];

    public OpenClElementwiseProduct(OpenClBackend backend, ElementwiseProductSpec spec) : base(backend, spec.Count)
    {
        _product = CreateKernel("product");
        _backward = CreateKernel("product_backward");
    }

    public void Forward(ReadOnlySpan<DeviceBuffer> inputs, DeviceBuffer output) => Multiply(inputs, output);

    public void Backward(ReadOnlySpan<DeviceBuffer> inputs, int index, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        if (_factors.Length < inputs.Length) _factors = new DeviceBuffer[inputs.Length];
        int count = 0;
        for (int i = 0; i < inputs.Length; i++)
            if (i != index) _factors[count++] = inputs[i];
        _factors[count++] = outputDiff;
        Multiply(_factors.AsSpan(0, count), inputDiff);
    }

    public void BackwardByDivision(DeviceBuffer input, DeviceBuffer output, DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _backward.Read(input).Read(output).Read(outputDiff).Write(inputDiff).Number(Count).RunItems(Items);

    private void Multiply(ReadOnlySpan<DeviceBuffer> factors, DeviceBuffer output)
    {
        int at = Math.Min(InputsInPass, factors.Length);
        for (int i = 0; i < InputsInPass; i++) _product.Read(i < at ? factors[i] : null);
        _product.Write(output).Number(Count).Number(at).RunItems(Items);
        while (at < factors.Length)
        {
            int more = Math.Min(InputsInPass - 1, factors.Length - at);
            _product.Read(output);
            for (int i = 0; i < InputsInPass - 1; i++) _product.Read(i < more ? factors[at + i] : null);
            _product.Write(output).Number(Count).Number(more + 1).RunItems(Items);
            at += more;
        }
    }
}

/// <summary>The largest of several arrays.</summary>
internal sealed class OpenClElementwiseMax : OpenClElementwise, IElementwiseMax
{
    private readonly Kernel _first, _next, _backward;

    public OpenClElementwiseMax(OpenClBackend backend, ElementwiseMaxSpec spec) : base(backend, spec.Count)
    {
        _first = CreateKernel("maximum_of_two");
        _next = CreateKernel("maximum_with");
        _backward = CreateKernel("maximum_backward");
    }

    public void Forward(ReadOnlySpan<DeviceBuffer> inputs, DeviceBuffer output, DeviceBuffer winner)
    {
        for (int i = 2; i < inputs.Length; i++)
            if (inputs[i] == output) throw new NotSupportedException("A maximum in place is computed only into one of the first two inputs.");
        _first.Read(inputs[0]).Read(inputs[1]).Write(output).Write(winner).Number(Count).RunItems(Items);
        for (int i = 2; i < inputs.Length; i++)
            _next.Read(inputs[i]).Update(output).Update(winner).Number(Count).Number((float)i).RunItems(Items);
    }

    public void Backward(DeviceBuffer winner, int index, DeviceBuffer outputDiff, DeviceBuffer inputDiff) =>
        _backward.Read(winner).Read(outputDiff).Write(inputDiff).Number(Count).Number((float)index).RunItems(Items);
}
