using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>Copies a box row by row. Trailing axes that the box covers whole join the row, so a slice of channels is one copy an example.</summary>
internal sealed unsafe class CpuWindow : IWindow, IParallelWork
{
    private const int ElementsInPart = 32768;

    private readonly CpuBackend _backend;
    private readonly int[] _extents, _strides;
    private readonly int _length, _runs, _runsInPart, _origin;
    private readonly bool _covers;
    private float* _whole, _window;
    private bool _read;

    public CpuWindow(CpuBackend backend, WindowSpec spec)
    {
        _backend = backend;
        int axes = spec.Window.Rank - 1;
        while (axes >= 0 && spec.Window[axes] == spec.Whole[axes]) axes--;
        _covers = axes < 0;
        axes = Math.Max(axes, 0);
        _extents = new int[axes];
        _strides = new int[axes];
        for (int i = 0; i < spec.Window.Rank; i++)
        {
            int stride = spec.Whole.CountFrom(i + 1);
            _origin += spec.Offset[i] * stride;
            if (i >= axes) continue;
            _extents[i] = spec.Window[i];
            _strides[i] = stride;
        }
        _length = spec.Window.CountFrom(axes);
        _runs = _length == 0 ? 0 : spec.Window.CountBetween(0, axes);
        _runsInPart = Math.Max(1, ElementsInPart / Math.Max(1, _length));
    }

    public void Read(DeviceBuffer whole, DeviceBuffer window)
    {
        _whole = whole.HostPointer(HostAccess.Read);
        _window = window.HostPointer(HostAccess.Write);
        Run(read: true);
    }

    public void Write(DeviceBuffer window, DeviceBuffer whole)
    {
        _window = window.HostPointer(HostAccess.Read);
        _whole = whole.HostPointer(_covers ? HostAccess.Write : HostAccess.ReadWrite);
        Run(read: false);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        int end = Math.Min(_runs, (index + 1) * _runsInPart);
        for (int run = index * _runsInPart; run < end; run++)
        {
            float* whole = _whole + Start(run), window = _window + (long)run * _length;
            if (_read) new Span<float>(whole, _length).CopyTo(new Span<float>(window, _length));
            else new Span<float>(window, _length).CopyTo(new Span<float>(whole, _length));
        }
    }

    private void Run(bool read)
    {
        _read = read;
        _backend.Workers.Run(this, (_runs + _runsInPart - 1) / _runsInPart);
    }

    private int Start(int run)
    {
        int start = _origin;
        for (int i = _extents.Length - 1; i >= 0; i--)
        {
            start += run % _extents[i] * _strides[i];
            run /= _extents[i];
        }
        return start;
    }
}
