using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Every update rule: one kernel, one pass over a blob of weights. Each contract only orders its rule's numbers.</summary>
internal sealed class OpenClUpdate : ISgdUpdate, INesterovUpdate, IAdaGradUpdate, IRmsPropUpdate, IAdaDeltaUpdate, IAdamUpdate
{
    // Clearing a small gradient costs less than a command for it, should it come to that.
    private const int LeastPromise = 1 << 18;

    private readonly Kernel _kernel;
    private readonly int _count;
    private readonly long _items;

    public OpenClUpdate(OpenClBackend backend, int count, string rule)
    {
        ElementTuning tuning = ElementTuning.Default(backend);
        _kernel = backend.CreateKernel("update.cl", tuning.CompileOptions + " -D " + rule, "update", tuning.WorkGroup);
        _count = count;
        _items = tuning.Items(count);
    }

    void ISgdUpdate.Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float momentum) =>
        Run(weights, diff, history, history, terms, rate, momentum);

    void INesterovUpdate.Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float momentum) =>
        Run(weights, diff, history, history, terms, rate, momentum);

    void IAdaGradUpdate.Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float delta) =>
        Run(weights, diff, history, history, terms, rate, delta);

    void IRmsPropUpdate.Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer history, GradientTerms terms, float rate, float rmsDecay, float delta) =>
        Run(weights, diff, history, history, terms, rate, rmsDecay, 1 - rmsDecay, delta);

    void IAdaDeltaUpdate.Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer gradients, DeviceBuffer updates, GradientTerms terms, float rate, float momentum, float delta) =>
        Run(weights, diff, gradients, updates, terms, rate, momentum, 1 - momentum, delta);

    void IAdamUpdate.Apply(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer first, DeviceBuffer second, GradientTerms terms, float rate, float beta1, float beta2, float epsilon) =>
        Run(weights, diff, first, second, terms, rate, beta1, 1 - beta1, beta2, 1 - beta2, epsilon);

    public void Dispose() => _kernel.Dispose();

    private void Run(DeviceBuffer weights, DeviceBuffer diff, DeviceBuffer first, DeviceBuffer second, GradientTerms terms, float rate,
        float p, float q = 0, float r = 0, float s = 0, float t = 0)
    {
        // A large gradient is overwritten by the next backward pass: zeros for it would be written only to be read.
        bool promises = _count >= LeastPromise;
        _kernel.Update(weights).Update(diff).Update(first).Update(second).Number(_count)
            .Number(terms.ClipScale).Number(terms.Normalization).Number(terms.Decay).Number(terms.Regularization == Regularization.L1 ? 1 : 0).Number(rate)
            .Number(p).Number(q).Number(r).Number(s).Number(t).Number(promises ? 0 : 1).RunItems(_items);
        if (promises) diff.Clear();
    }
}
