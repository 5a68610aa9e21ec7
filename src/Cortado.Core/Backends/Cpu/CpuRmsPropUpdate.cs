using System.Numerics;
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
        private readonly Vector<float> _rate, _keep, _take, _delta;

        public Rule(float rate, float rmsDecay, float delta)
        {
            _rate = new Vector<float>(rate);
            _keep = new Vector<float>(rmsDecay);
            _take = new Vector<float>(1 - rmsDecay);
            _delta = new Vector<float>(delta);
        }

        public bool HasSecond => false;

        public Vector<float> Step(Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            first = _keep * first + _take * (gradient * gradient);
            return _rate * (gradient / (Vector.SquareRoot(first) + _delta));
        }
    }
}
