using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Nesterov's accelerated gradient.</summary>
internal sealed class CpuNesterovUpdate : CpuUpdate<CpuNesterovUpdate.Rule>, INesterovUpdate
{
    public CpuNesterovUpdate(CpuBackend backend, NesterovUpdateSpec spec) : base(backend, spec.Count) { }

    public void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float momentum) =>
        Run(weights, diff, history, null, terms, new Rule(rate, momentum));

    internal readonly struct Rule : IUpdateRule
    {
        private readonly float _rate, _momentum, _ahead;

        public Rule(float rate, float momentum)
        {
            _rate = rate;
            _momentum = momentum;
            _ahead = 1 + momentum;
        }

        public bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TSimd simd = default;
            TVector back = simd.Multiply(simd.Fill(_momentum), first);
            first = simd.Add(back, simd.Multiply(simd.Fill(_rate), gradient));
            return simd.Subtract(simd.Multiply(simd.Fill(_ahead), first), back);
        }
    }
}
