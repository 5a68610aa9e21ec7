using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Gradient descent with momentum.</summary>
internal sealed class CpuSgdUpdate : CpuUpdate<CpuSgdUpdate.Rule>, ISgdUpdate
{
    public CpuSgdUpdate(CpuBackend backend, SgdUpdateSpec spec) : base(backend, spec.Count) { }

    public void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float momentum) =>
        Run(weights, diff, history, null, terms, new Rule(rate, momentum));

    internal readonly struct Rule : IUpdateRule
    {
        private readonly float _rate, _momentum;

        public Rule(float rate, float momentum)
        {
            _rate = rate;
            _momentum = momentum;
        }

        public bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TSimd simd = default;
            return first = simd.Add(simd.Multiply(simd.Fill(_momentum), first), simd.Multiply(simd.Fill(_rate), gradient));
        }
    }
}
