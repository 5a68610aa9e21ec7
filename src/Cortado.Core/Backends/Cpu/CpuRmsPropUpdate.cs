using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>RMSProp.</summary>
internal sealed class CpuRmsPropUpdate : CpuUpdate<CpuRmsPropUpdate.Rule>, IRmsPropUpdate
{
    public CpuRmsPropUpdate(CpuBackend backend, RmsPropUpdateSpec spec) : base(backend, spec.Count) { }

    public void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float rmsDecay, float delta) =>
        Run(weights, diff, history, null, terms, new Rule(rate, rmsDecay, delta));

    internal readonly struct Rule : IUpdateRule
    {
        private readonly float _rate, _keep, _take, _delta;

        public Rule(float rate, float rmsDecay, float delta)
        {
            _rate = rate;
            _keep = rmsDecay;
            _take = 1 - rmsDecay;
            _delta = delta;
        }

        public bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TSimd simd = default;
            first = simd.Add(simd.Multiply(simd.Fill(_keep), first), simd.Multiply(simd.Fill(_take), simd.Multiply(gradient, gradient)));
            return simd.Multiply(simd.Fill(_rate), simd.Divide(gradient, simd.Add(simd.SquareRoot(first), simd.Fill(_delta))));
        }
    }
}
