using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>One number for each row.</summary>
internal sealed unsafe class CpuReduction : IReduction, IParallelWork
{
    private readonly CpuBackend _backend;
    private readonly ReductionSpec _spec;
    private float* _x, _y, _dy, _dx;
    private bool _forward;

    public CpuReduction(CpuBackend backend, ReductionSpec spec)
    {
        _backend = backend;
        _spec = spec;
    }

    public void Forward(DeviceBuffer input, DeviceBuffer output)
    {
        _x = input.HostPointer(HostAccess.Read);
        _y = output.HostPointer(HostAccess.Write);
        _forward = true;
        _backend.Workers.Run(this, _spec.Rows);
    }

    public void Backward(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer inputDiff)
    {
        _x = input.HostPointer(HostAccess.Read);
        _dy = outputDiff.HostPointer(HostAccess.Read);
        _dx = inputDiff.HostPointer(HostAccess.Write);
        _forward = false;
        _backend.Workers.Run(this, _spec.Rows);
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        float* x = _x + (long)index * _spec.Length;
        if (_forward) _y[index] = (float)Sum(x) * _spec.Coefficient;
        else Spread(x, _dx + (long)index * _spec.Length, _dy[index] * _spec.Coefficient);
    }

    private double Sum(float* x) => _spec.Kind switch
    {
        ReductionKind.Sum => Rows.Sum(x, _spec.Length),
        ReductionKind.AbsSum => Rows.AbsSum(x, _spec.Length),
        _ => Rows.Dot(x, x, _spec.Length),
    };

    private void Spread(float* x, float* dx, float gradient)
    {
        int length = _spec.Length;
        switch (_spec.Kind)
        {
            case ReductionKind.Sum:
                new Span<float>(dx, length).Fill(gradient);
                break;
            case ReductionKind.AbsSum:
                for (int i = 0; i < length; i++) dx[i] = gradient * ((x[i] > 0 ? 1 : 0) - (x[i] < 0 ? 1 : 0));
                break;
            default:
                for (int i = 0; i < length; i++) dx[i] = 2 * gradient * x[i];
                break;
        }
    }
}
