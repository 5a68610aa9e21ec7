using System.Numerics;
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
        private readonly Vector<float> _rate, _momentum;

        public Rule(float rate, float momentum)
        {
            _rate = new Vector<float>(rate);
            _momentum = new Vector<float>(momentum);
        }

        public bool HasSecond => false;

        public Vector<float> Step(Vector<float> gradient, ref Vector<float> first, ref Vector<float> second) =>
            first = _momentum * first + _rate * gradient;
    }
}
