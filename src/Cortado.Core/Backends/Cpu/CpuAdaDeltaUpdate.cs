using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>AdaDelta.</summary>
internal sealed class CpuAdaDeltaUpdate : CpuUpdate<CpuAdaDeltaUpdate.Rule>, IAdaDeltaUpdate
{
    public CpuAdaDeltaUpdate(CpuBackend backend, AdaDeltaUpdateSpec spec) : base(backend, spec.Count) { }

    public void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer gradients, DeviceBuffer updates, GradientTerms terms, float rate, float momentum, float delta) =>
        Run(weights, diff, gradients, updates, terms, new Rule(rate, momentum, delta));

    internal readonly struct Rule : IUpdateRule
    {
        private readonly float _rate, _keep, _take, _delta;

        public Rule(float rate, float momentum, float delta)
        {
            _rate = rate;
            _keep = momentum;
            _take = 1 - momentum;
            _delta = delta;
        }

        public bool HasSecond => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TSimd simd = default;
            TVector keep = simd.Fill(_keep), take = simd.Fill(_take), delta = simd.Fill(_delta);
            first = simd.Add(simd.Multiply(keep, first), simd.Multiply(take, simd.Multiply(gradient, gradient)));
            TVector step = simd.Multiply(gradient, simd.SquareRoot(simd.Divide(simd.Add(second, delta), simd.Add(first, delta))));
            second = simd.Add(simd.Multiply(keep, second), simd.Multiply(take, simd.Multiply(step, step)));
            return simd.Multiply(simd.Fill(_rate), step);
        }
    }
}
