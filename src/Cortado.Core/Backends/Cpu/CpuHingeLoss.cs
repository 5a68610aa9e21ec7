using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>One-against-all hinge loss. As in Caffe, a NaN score has margin 0.</summary>
internal sealed unsafe class CpuHingeLoss : ILabelLoss
{
    private readonly HingeLossSpec _spec;

    public CpuHingeLoss(HingeLossSpec spec) => _spec = spec;

    public void Forward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer loss)
    {
        float* x = predictions.HostPointer(HostAccess.Read), label = labels.HostPointer(HostAccess.Read);
        LabelRange.Check(label, _spec.Batch, 1, _spec.Classes, null);
        double sum = 0;
        for (int n = 0; n < _spec.Batch; n++, x += _spec.Classes)
        {
            int truth = (int)label[n];
            for (int c = 0; c < _spec.Classes; c++)
            {
                float margin = Margin(x[c], c == truth);
                sum += _spec.Squared ? margin * margin : margin;
            }
        }
        *loss.HostPointer(HostAccess.Write) = (float)(sum / _spec.Batch);
    }

    public void Backward(DeviceBuffer predictions, DeviceBuffer labels, DeviceBuffer lossDiff, DeviceBuffer predictionsDiff)
    {
        float* x = predictions.HostPointer(HostAccess.Read), label = labels.HostPointer(HostAccess.Read);
        float scale = *lossDiff.HostPointer(HostAccess.Read) / _spec.Batch;
        float* dx = predictionsDiff.HostPointer(HostAccess.Write);
        LabelRange.Check(label, _spec.Batch, 1, _spec.Classes, null);
        for (int n = 0; n < _spec.Batch; n++, x += _spec.Classes, dx += _spec.Classes)
        {
            int truth = (int)label[n];
            for (int c = 0; c < _spec.Classes; c++)
            {
                float margin = Margin(x[c], c == truth);
                float slope = _spec.Squared ? 2 * margin : margin > 0 ? 1 : 0;
                dx[c] = (c == truth ? -slope : slope) * scale;
            }
        }
    }

    public void Dispose() { }

    private static float Margin(float score, bool truth)
    {
        float margin = truth ? 1 - score : 1 + score;
        return margin > 0 ? margin : 0;
    }
}
