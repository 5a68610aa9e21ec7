using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>AdaGrad.</summary>
internal sealed class CpuAdaGradUpdate : CpuUpdate<CpuAdaGradUpdate.Rule>, IAdaGradUpdate
{
    public CpuAdaGradUpdate(CpuBackend backend, AdaGradUpdateSpec spec) : base(backend, spec.Count) { }

    public void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float delta) =>
        Run(weights, diff, history, null, terms, new Rule(rate, delta));

    internal readonly struct Rule : IUpdateRule
    {
        private readonly float _rate, _delta;

        public Rule(float rate, float delta)
        {
            _rate = rate;
            _delta = delta;
        }

        public bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TSimd simd = default;
            first = simd.Add(first, simd.Multiply(gradient, gradient));
            return simd.Multiply(simd.Fill(_rate), simd.Divide(gradient, simd.Add(simd.SquareRoot(first), simd.Fill(_delta))));
        }
    }
}
