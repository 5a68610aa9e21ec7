using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The formula of an update rule for a vector of weights. A struct, so that the call vanishes into the loop.</summary>
internal interface IUpdateRule
{
    /// <summary>Whether the rule keeps a second history array.</summary>
    bool HasSecond { get; }

    /// <summary>What is subtracted from the weights, given the gradient; changes the history.</summary>
    TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>
/// An update rule over a blob of weights, one pass through memory: gradient terms, rule, weights, history, gradient set to
/// zero. Blocks are independent, so results do not depend on the number of threads.
/// </summary>
internal abstract unsafe class CpuUpdate<TRule> : IParallelWork where TRule : struct, IUpdateRule
{
    // 4096 weights and what belongs to them: 64 KiB, half a second-level cache of the smallest machines.
    private const int Block = 4096;

    private readonly CpuBackend _backend;
    private readonly int _count;
    private float* _weights, _diff, _first, _second;
    private GradientTerms _terms;
    private TRule _rule;

    protected CpuUpdate(CpuBackend backend, int count)
    {
        _backend = backend;
        _count = count;
    }

    public void Dispose() { }

    protected void Run(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer first, DeviceBuffer? second, GradientTerms terms, TRule rule)
    {
        _weights = weights.HostPointer(HostAccess.ReadWrite);
        _diff = diff.HostPointer(HostAccess.ReadWrite);
        _first = first.HostPointer(HostAccess.ReadWrite);
        _second = second == null ? _first : second.HostPointer(HostAccess.ReadWrite);
        _terms = terms;
        _rule = rule;
        _backend.Workers.Run(this, (_count + Block - 1) / Block);
    }

    void IParallelWork.Run(int index)
    {
        switch (_backend.Kernels.Level)
        {
            case SimdLevel.Vector4: Run<Vector4Simd, Vector4>(index); break;
            case SimdLevel.Scalar: Run<ScalarSimd, float>(index); break;
            default: Run<PortableSimd, Vector<float>>(index); break;
        }
    }

    private void Run<TSimd, TVector>(int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int start = index * Block, length = Math.Min(_count - start, Block), width = default(TSimd).Width;
        float* w = _weights + start, d = _diff + start, a = _first + start, b = _second + start;
        int whole = length - length % width, rest = length - whole;
        Pass<TSimd, TVector>(w, d, a, b, whole);
        if (rest == 0) return;

        // The formula exists for whole vectors only: the rest goes through a padded copy.
        float* pad = stackalloc float[4 * width];
        new Span<float>(pad, 4 * width).Clear();
        Copy(w + whole, pad, rest);
        Copy(d + whole, pad + width, rest);
        Copy(a + whole, pad + 2 * width, rest);
        Copy(b + whole, pad + 3 * width, rest);
        Pass<TSimd, TVector>(pad, pad + width, pad + 2 * width, pad + 3 * width, width);
        Copy(pad, w + whole, rest);
        Copy(pad + width, d + whole, rest);
        Copy(pad + 2 * width, a + whole, rest);
        if (_rule.HasSecond) Copy(pad + 3 * width, b + whole, rest);
    }

    private void Pass<TSimd, TVector>(float* w, float* d, float* a, float* b, int length)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TSimd simd = default;
        TRule rule = _rule;
        TVector clip = simd.Fill(_terms.ClipScale), normalization = simd.Fill(_terms.Normalization), decay = simd.Fill(_terms.Decay);
        bool decays = _terms.Decay != 0, signs = _terms.Regularization == Regularization.L1;
        for (int i = 0; i < length; i += simd.Width)
        {
            TVector weights = simd.Load(w + i), first = simd.Load(a + i);
            TVector second = rule.HasSecond ? simd.Load(b + i) : simd.Zero;
            TVector gradient = simd.Multiply(simd.Multiply(simd.Load(d + i), clip), normalization);
            if (decays) gradient = simd.Add(gradient, simd.Multiply(decay, signs ? simd.Sign(weights) : weights));
            simd.Store(w + i, simd.Subtract(weights, rule.Step<TSimd, TVector>(gradient, ref first, ref second)));
            simd.Store(a + i, first);
            if (rule.HasSecond) simd.Store(b + i, second);
            simd.Store(d + i, simd.Zero);
        }
    }

    private static void Copy(float* from, float* to, int count) => new Span<float>(from, count).CopyTo(new Span<float>(to, count));
}
