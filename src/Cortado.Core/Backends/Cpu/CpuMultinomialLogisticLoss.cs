using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The logistic loss of given probabilities.</summary>
internal sealed unsafe class CpuMultinomialLogisticLoss : ILabelLoss
{
    /// <summary>Caffe takes no logarithm of less.</summary>
    internal const float SmallestProbability = 1e-20f;

    private readonly MultinomialLogisticLossSpec _spec;

    public CpuMultinomialLogisticLoss(MultinomialLogisticLossSpec spec) => _spec = spec;

    public void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss)
    {
        float* p = predictions.HostPointer(HostAccess.Read), label = labels.HostPointer(HostAccess.Read);
        LabelRange.Check(label, _spec.Batch, 1, _spec.Classes, null);
        double sum = 0;
        for (int n = 0; n < _spec.Batch; n++, p += _spec.Classes) sum -= MathF.Log(AtLeast(p[(int)label[n]]));
        *loss.HostPointer(HostAccess.Write) = (float)(sum / _spec.Batch);
    }

    public void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff)
    {
        float* p = predictions.HostPointer(HostAccess.Read), label = labels.HostPointer(HostAccess.Read);
        float scale = -*lossDiff.HostPointer(HostAccess.Read) / _spec.Batch;
        float* dp = predictionsDiff.HostPointer(HostAccess.Write);
        LabelRange.Check(label, _spec.Batch, 1, _spec.Classes, null);
        new Span<float>(dp, _spec.Batch * _spec.Classes).Clear();
        for (int n = 0; n < _spec.Batch; n++, p += _spec.Classes, dp += _spec.Classes)
            dp[(int)label[n]] = scale / AtLeast(p[(int)label[n]]);
    }

    public void Dispose() { }

    // The comparison lets NaN through.
    internal static float AtLeast(float probability) => probability < SmallestProbability ? SmallestProbability : probability;
}
