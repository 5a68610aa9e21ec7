using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Counts positions whose label scores among the best. One pass on one thread: it reads each score at most once.</summary>
internal sealed unsafe class CpuAccuracy : IAccuracy
{
    private readonly AccuracySpec _spec;
    private readonly int[] _right, _seen;

    public CpuAccuracy(AccuracySpec spec)
    {
        _spec = spec;
        _right = new int[spec.Classes];
        _seen = new int[spec.Classes];
    }

    public void Forward(DeviceBuffer scores, DeviceBuffer labels, DeviceBuffer accuracy, DeviceBuffer? perClass)
    {
        float* x = scores.HostPointer(HostAccess.Read), label = labels.HostPointer(HostAccess.Read);
        int inner = _spec.Inner, positions = _spec.Outer * inner;
        LabelRange.Check(label, positions, inner, _spec.Classes, _spec.IgnoreLabel);
        Array.Clear(_right, 0, _right.Length);
        Array.Clear(_seen, 0, _seen.Length);
        int right = 0, seen = 0;
        for (int i = 0; i < positions; i++)
        {
            int truth = (int)label[i];
            if (truth == _spec.IgnoreLabel) continue;
            int outer = i / inner;
            seen++;
            _seen[truth]++;
            if (!IsRight(x + (long)outer * _spec.Classes * inner + (i - outer * inner), truth)) continue;
            right++;
            _right[truth]++;
        }
        *accuracy.HostPointer(HostAccess.Write) = seen == 0 ? 0 : (float)right / seen;
        if (perClass == null) return;
        float* each = perClass.HostPointer(HostAccess.Write);
        for (int c = 0; c < _spec.Classes; c++) each[c] = _seen[c] == 0 ? 0 : (float)_right[c] / _seen[c];
    }

    public void Dispose() { }

    private bool IsRight(float* column, int truth)
    {
        float score = column[(long)truth * _spec.Inner];
        int better = -1; // the label's own score will count as one that is at least as good
        for (int c = 0; c < _spec.Classes && better < _spec.TopK; c++)
            if (column[(long)c * _spec.Inner] >= score) better++;
        return better < _spec.TopK;
    }
}
