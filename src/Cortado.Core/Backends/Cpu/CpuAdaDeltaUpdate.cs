using System.Numerics;
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
        private readonly Vector<float> _rate, _keep, _take, _delta;

        public Rule(float rate, float momentum, float delta)
        {
            _rate = new Vector<float>(rate);
            _keep = new Vector<float>(momentum);
            _take = new Vector<float>(1 - momentum);
            _delta = new Vector<float>(delta);
        }

        public bool HasSecond => true;

        public Vector<float> Step(Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            first = _keep * first + _take * (gradient * gradient);
            Vector<float> step = gradient * Vector.SquareRoot((second + _delta) / (first + _delta));
            second = _keep * second + _take * (step * step);
            return _rate * step;
        }
    }
}
