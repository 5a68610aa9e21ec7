using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>The work of tuning on one backend: its arrays, which stay, and the operators that one candidate prepares.</summary>
internal sealed class TuningRun : IDisposable
{
    private const ulong Seed = 7;

    private readonly IBackend _backend;
    private readonly TuningWorkload _work;
    private readonly List<IDisposable> _arrays = new(), _operators = new();
    private readonly List<Arrays> _convolutions = new();
    private readonly Arrays _product;
    private readonly List<Action> _passes = new();

    /// <summary>Makes the arrays; what is read is the same random numbers on every backend.</summary>
    public TuningRun(IBackend backend, TuningWorkload work)
    {
        _backend = backend;
        _work = work;
        try
        {
            foreach (ConvolutionSpec c in work.Convolutions)
            {
                int inputs = c.Batch * c.InChannels * c.InHeight * c.InWidth, outputs = c.Batch * c.OutChannels * c.OutHeight * c.OutWidth;
                _convolutions.Add(Make(inputs, c.OutChannels * c.InChannels * c.KernelHeight * c.KernelWidth, c.OutChannels, outputs));
            }
            InnerProductSpec p = work.Product;
            _product = Make(p.Batch * p.Inputs, p.Inputs * p.Outputs, p.Outputs, p.Batch * p.Outputs);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The passes of the work, each one operator's call.</summary>
    public IReadOnlyList<Action> Passes => _passes;

    /// <summary>Prepares the operators with the numbers that the backend uses now, and clears what they will write.</summary>
    /// <param name="prepared">Called after each operator.</param>
    public void Begin(Action? prepared)
    {
        End();
        for (int i = 0; i < _convolutions.Count; i++)
        {
            IConvolution convolution = Keep(_operators, _backend.Prepare(_work.Convolutions[i]));
            Arrays a = _convolutions[i];
            _passes.Add(() => convolution.Forward(a.X, a.W, a.Bias, a.Y));
            _passes.Add(() => convolution.BackwardData(a.Dy, a.W, a.Dx));
            _passes.Add(() => convolution.BackwardWeights(a.X, a.Dy, a.Dw, null));
            prepared?.Invoke();
        }
        IInnerProduct product = Keep(_operators, _backend.Prepare(_work.Product));
        _passes.Add(() => product.Forward(_product.X, _product.W, _product.Bias, _product.Y));
        _passes.Add(() => product.BackwardData(_product.Dy, _product.W, _product.Dx));
        _passes.Add(() => product.BackwardWeights(_product.X, _product.Dy, _product.Dw, null));
        prepared?.Invoke();
        // What an earlier candidate computed right must not pass for what this one did not compute at all.
        foreach ((_, DeviceBuffer result) in Results()) result.Clear();
    }

    /// <summary>Runs all passes.</summary>
    public void Once()
    {
        foreach (Action pass in _passes) pass();
    }

    /// <summary>What the passes write. Gradients of weights add up from run to run.</summary>
    public IEnumerable<(string Name, DeviceBuffer Result)> Results()
    {
        foreach (Arrays arrays in _convolutions)
            foreach ((string, DeviceBuffer) result in Of("a convolution", arrays)) yield return result;
        foreach ((string, DeviceBuffer) result in Of("a product", _product)) yield return result;

        static IEnumerable<(string, DeviceBuffer)> Of(string what, Arrays a)
        {
            yield return (what + "'s output", a.Y);
            yield return (what + "'s gradient of its input", a.Dx);
            yield return (what + "'s gradient of its weights", a.Dw);
        }
    }

    /// <summary>Lets the operators go.</summary>
    public void End()
    {
        _passes.Clear();
        Release(_operators);
    }

    public void Dispose()
    {
        End();
        Release(_arrays);
    }

    private static void Release(List<IDisposable> made)
    {
        for (int i = made.Count - 1; i >= 0; i--) made[i].Dispose();
        made.Clear();
    }

    private Arrays Make(int inputs, int weights, int biases, int outputs) =>
        new(Random(inputs), Random(weights), Random(biases), Empty(outputs), Random(outputs), Empty(inputs), Empty(weights));

    private DeviceBuffer Empty(int count) => Keep(_arrays, _backend.Allocate(count));

    private DeviceBuffer Random(int count)
    {
        DeviceBuffer buffer = Empty(count);
        var random = new CounterRandom(Seed, (ulong)_arrays.Count);
        Span<float> values = buffer.Write();
        for (int i = 0; i < values.Length; i++) values[i] = 2 * random.Uniform((ulong)i) - 1;
        return buffer;
    }

    private static T Keep<T>(List<IDisposable> list, T made) where T : IDisposable
    {
        list.Add(made);
        return made;
    }

    private sealed record Arrays(DeviceBuffer X, DeviceBuffer W, DeviceBuffer Bias, DeviceBuffer Y, DeviceBuffer Dy, DeviceBuffer Dx, DeviceBuffer Dw);
}
