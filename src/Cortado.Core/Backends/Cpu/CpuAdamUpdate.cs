using System.Numerics;
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
        private readonly Vector<float> _rate, _keep1, _take1, _keep2, _take2, _epsilon;

        public Rule(float rate, float beta1, float beta2, float epsilon)
        {
            _rate = new Vector<float>(rate);
            _keep1 = new Vector<float>(beta1);
            _take1 = new Vector<float>(1 - beta1);
            _keep2 = new Vector<float>(beta2);
            _take2 = new Vector<float>(1 - beta2);
            _epsilon = new Vector<float>(epsilon);
        }

        public bool HasSecond => true;

        public Vector<float> Step(Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            first = _keep1 * first + _take1 * gradient;
            second = _keep2 * second + _take2 * (gradient * gradient);
            return _rate * (first / (Vector.SquareRoot(second) + _epsilon));
        }
    }
}
