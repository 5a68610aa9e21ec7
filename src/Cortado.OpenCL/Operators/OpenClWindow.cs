using Cortado.Backends.Contracts;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>Copies a box. Trailing axes that it covers whole join one run, so concatenating channels has one axis left.</summary>
internal sealed unsafe class OpenClWindow : IWindow
{
    private readonly Kernel _read, _write;
    private readonly DeviceMemory _axes;
    private readonly int _count, _length, _origin, _rank;
    private readonly bool _covers;

    public OpenClWindow(OpenClBackend backend, WindowSpec spec)
    {
        ElementTuning tuning = ElementTuning.Single(backend);
        _read = backend.CreateKernel("window.cl", tuning.CompileOptions, "window_read", tuning.WorkGroup);
        _write = backend.CreateKernel("window.cl", tuning.CompileOptions, "window_write", tuning.WorkGroup);
        int outer = spec.Window.Rank - 1;
        while (outer >= 0 && spec.Window[outer] == spec.Whole[outer]) outer--;
        _covers = outer < 0;
        _rank = Math.Max(outer, 0);
        var axes = new int[2 * Math.Max(1, _rank)];
        for (int i = 0; i < spec.Window.Rank; i++)
        {
            int stride = spec.Whole.CountFrom(i + 1);
            _origin += spec.Offset[i] * stride;
            if (i >= _rank) continue;
            axes[2 * i] = spec.Window[i];
            axes[2 * i + 1] = stride;
        }
        _count = spec.Window.Count;
        _length = Math.Max(1, spec.Window.CountFrom(_rank));
        _axes = new DeviceMemory(backend, (long)axes.Length * sizeof(int));
        fixed (int* first = axes)
        {
            nint done = backend.Queue.BeginWrite(_axes.Handle, first, (nuint)(axes.Length * sizeof(int)));
            backend.Queue.Wait(ref done);
        }
    }

    public void Read(DeviceBuffer whole, DeviceBuffer window) => Run(_read.Read(whole).Write(window));

    public void Write(DeviceBuffer window, DeviceBuffer whole)
    {
        _write.Read(window);
        Run(_covers ? _write.Write(whole) : _write.Update(whole));
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _axes.Dispose();
    }

    private void Run(Kernel kernel) => kernel.Number(_count).Number(_length).Number(_origin).Memory(_axes).Number(_rank).RunItems(_count);
}
