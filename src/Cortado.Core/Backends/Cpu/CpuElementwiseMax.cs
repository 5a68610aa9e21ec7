using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>The largest of several arrays, with where it came from.</summary>
internal sealed unsafe class CpuElementwiseMax : IElementwiseMax, IParallelWork
{
    private const int Block = 8192;

    private readonly CpuBackend _backend;
    private readonly int _count;
    private float*[] _x = new float*[4];
    private float* _y, _winner, _dy, _dx;
    private int _inputs, _index;
    private bool _forward;

    public CpuElementwiseMax(CpuBackend backend, ElementwiseMaxSpec spec)
    {
        _backend = backend;
        _count = spec.Count;
    }

    public void Forward(ReadOnlySpan<DeviceBuffer> inputs, DeviceBuffer output, DeviceBuffer winner)
    {
        _inputs = inputs.Length;
        if (_x.Length < _inputs) _x = new float*[_inputs];
        bool inPlace = false;
        for (int i = 0; i < _inputs; i++)
        {
            _x[i] = inputs[i].HostPointer(HostAccess.Read);
            inPlace |= inputs[i] == output;
        }
        _y = output.HostPointer(inPlace ? HostAccess.ReadWrite : HostAccess.Write);
        _winner = winner.HostPointer(HostAccess.Write);
        Run(forward: true);
    }

    public void Backward(DeviceBuffer winner, int index, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _winner = winner.HostPointer(HostAccess.Read);
        _index = index;
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(outputDiff == inputDiff ? HostAccess.ReadWrite : HostAccess.Write);
        Run(forward: false);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        int start = index * Block, end = Math.Min(_count, start + Block);
        if (_forward)
            for (int i = start; i < end; i++) Choose(i);
        else
            for (int i = start; i < end; i++) _dx[i] = _winner[i] == _index ? _dy[i] : 0;
    }

    private void Run(bool forward)
    {
        _forward = forward;
        _backend.Workers.Run(this, (_count + Block - 1) / Block);
    }

    // The order and direction of Caffe's comparisons decide ties and NaN.
    private void Choose(int i)
    {
        int winner = _x[0][i] > _x[1][i] ? 0 : 1;
        float largest = _x[winner][i];
        for (int j = 2; j < _inputs; j++)
        {
            if (!(_x[j][i] > largest)) continue;
            largest = _x[j][i];
            winner = j;
        }
        _y[i] = largest;
        _winner[i] = winner;
    }
}
