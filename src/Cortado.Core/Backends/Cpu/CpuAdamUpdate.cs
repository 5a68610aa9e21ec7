using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Adam.</summary>
internal sealed class CpuAdamUpdate : CpuUpdate<CpuAdamUpdate.Rule>, IAdamUpdate
{
    public CpuAdamUpdate(CpuBackend backend, AdamUpdateSpec spec) : base(backend, spec.Count) { }

    public void Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer first, DeviceBuffer second, GradientTerms terms, float rate, float beta1, float beta2, float epsilon) =>
        Run(weights, diff, first, second, terms, new Rule(rate, beta1, beta2, epsilon));

    internal readonly struct Rule : IUpdateRule
    {
        private readonly float _rate, _keep1, _take1, _keep2, _take2, _epsilon;

        public Rule(float rate, float beta1, float beta2, float epsilon)
        {
            _rate = rate;
            _keep1 = beta1;
            _take1 = 1 - beta1;
            _keep2 = beta2;
            _take2 = 1 - beta2;
            _epsilon = epsilon;
        }

        public bool HasSecond => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Step<TSimd, TVector>(TVector gradient, ref TVector first, ref TVector second)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TSimd simd = default;
            first = simd.Add(simd.Multiply(simd.Fill(_keep1), first), simd.Multiply(simd.Fill(_take1), gradient));
            second = simd.Add(simd.Multiply(simd.Fill(_keep2), second), simd.Multiply(simd.Fill(_take2), simd.Multiply(gradient, gradient)));
            return simd.Multiply(simd.Fill(_rate), simd.Divide(first, simd.Add(simd.SquareRoot(second), simd.Fill(_epsilon))));
        }
    }
}
