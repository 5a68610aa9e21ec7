using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// A fully connected product for one to four examples. It is as fast as the weights can be read, so every thread streams
/// its own share of them once, for all examples.
/// </summary>
internal sealed unsafe class Gemv : LaneTasks
{
    private readonly CpuBackend _backend;
    private readonly int _batch, _inputs, _outputs, _share, _shares;
    private readonly bool _transposed, _relu;
    private float* _input, _weights, _bias, _output;

    public Gemv(CpuBackend backend, int batch, int inputs, int outputs, bool transposed, bool relu)
    {
        _backend = backend;
        _batch = batch;
        _inputs = inputs;
        _outputs = outputs;
        _transposed = transposed;
        _relu = relu;
        // Reading a weight takes as long as many multiply-adds.
        SetWork(8.0 * inputs * outputs);
        // A share is long enough to stream, and there are enough of them to even out a thread that is held up.
        int least = transposed ? 64 : 8;
        _share = Math.Max(least, GemmBlocking.RoundUp(GemmBlocking.DivideUp(outputs, 8 * backend.Workers.Count), 16));
        _shares = GemmBlocking.DivideUp(outputs, _share);
    }

    public void Run(float* input, float* weights, float* bias, float* output)
    {
        _input = input;
        _weights = weights;
        _bias = bias;
        _output = output;
        RunTasks(_backend.Workers, 0, _shares);
    }

    [MethodImpl(KernelCode.Optimized)]
    protected override void RunTask(int phase, int task, int lane)
    {
        int begin = task * _share, end = Math.Min(_outputs, begin + _share);
        GemvKernel kernel = _backend.Kernels.Gemv;
        if (_transposed)
            for (int example = 0; example < _batch; example++)
            {
                float* output = _output + (nint)example * _outputs + begin;
                new Span<float>(output, end - begin).Clear();
                kernel.AddRows(_weights + begin, _outputs, _inputs, _input + (nint)example * _inputs, output, end - begin);
            }
        else
            for (int row = begin; row < end; row++)
                kernel.Dot(_weights + (nint)row * _inputs, _inputs, _input, _inputs, _batch, _output + row, _outputs);
        if (_bias == null && !_relu) return;
        for (int example = 0; example < _batch; example++)
        {
            float* output = _output + (nint)example * _outputs;
            for (int i = begin; i < end; i++)
            {
                float value = output[i] + (_bias == null ? 0 : _bias[i]);
                // As ReluFunction: -inf gives NaN, NaN passes.
                output[i] = _relu ? (value < 0 ? 0 : value) + 0f * (value > 0 ? 0 : value) : value;
            }
        }
    }
}
