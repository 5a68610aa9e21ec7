using System.Numerics;
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
        private readonly Vector<float> _rate, _momentum, _ahead;

        public Rule(float rate, float momentum)
        {
            _rate = new Vector<float>(rate);
            _momentum = new Vector<float>(momentum);
            _ahead = new Vector<float>(1 + momentum);
        }

        public bool HasSecond => false;

        public Vector<float> Step(Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            Vector<float> back = _momentum * first;
            first = back + _rate * gradient;
            return _ahead * first - back;
        }
    }
}
