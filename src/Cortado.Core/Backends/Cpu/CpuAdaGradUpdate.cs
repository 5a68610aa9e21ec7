using System.Numerics;
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
        private readonly Vector<float> _rate, _delta;

        public Rule(float rate, float delta)
        {
            _rate = new Vector<float>(rate);
            _delta = new Vector<float>(delta);
        }

        public bool HasSecond => false;

        public Vector<float> Step(Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            first += gradient * gradient;
            return _rate * (gradient / (Vector.SquareRoot(first) + _delta));
        }
    }
}
