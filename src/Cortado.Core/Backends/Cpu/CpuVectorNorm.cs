using System.Numerics;
using System.Runtime.CompilerServices;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Sums over an array: within a fixed block in float lanes, a few hundred values each, over blocks in double. Blocks are summed in
/// their order, so the bits are the same for any number of threads.
/// </summary>
internal sealed unsafe class CpuVectorNorm : IVectorNorm, IParallelWork
{
    private const int Block = 8192;

    private enum Question { Squares, Absolutes, Finite }

    private readonly CpuBackend _backend;
    private readonly int _count;
    private readonly double[] _sums;
    private float* _x;
    private Question _question;

    public CpuVectorNorm(CpuBackend backend, VectorNormSpec spec)
    {
        _backend = backend;
        _count = spec.Count;
        _sums = new double[(spec.Count + Block - 1) / Block];
    }

    public double SumOfSquares(DeviceBuffer values) => Sum(values, Question.Squares);

    public double AbsSum(DeviceBuffer values) => Sum(values, Question.Absolutes);

    public int FirstNonFinite(DeviceBuffer values)
    {
        Ask(values, Question.Finite);
        for (int block = 0; block < _sums.Length; block++)
        {
            if (_sums[block] == 0) continue;
            int end = Math.Min(_count, (block + 1) * Block);
            for (int i = block * Block; i < end; i++)
                if (!float.IsFinite(_x[i])) return i;
        }
        return -1;
    }

    public void Dispose() { }

    void IParallelWork.Run(int index)
    {
        int start = index * Block, length = Math.Min(_count - start, Block);
        float* x = _x + start;
        _sums[index] = _question switch
        {
            Question.Squares => Rows.Dot(x, x, length),
            Question.Absolutes => Rows.AbsSum(x, length),
            _ => AllFinite(x, length) ? 0 : 1,
        };
    }

    private double Sum(DeviceBuffer values, Question question)
    {
        Ask(values, question);
        double sum = 0;
        foreach (double part in _sums) sum += part;
        return sum;
    }

    private void Ask(DeviceBuffer values, Question question)
    {
        _x = values.HostPointer(HostAccess.Read);
        _question = question;
        _backend.Workers.Run(this, _sums.Length);
    }

    // x * 0 is 0 for a finite x and NaN for any other, and a NaN stays in a sum.
    private static bool AllFinite(float* x, int length)
    {
        Vector<float> zero = Vector<float>.Zero, a = zero, b = zero, c = zero, d = zero;
        int width = Vector<float>.Count, i = 0;
        for (; Vector.IsHardwareAccelerated && i <= length - 4 * width; i += 4 * width)
        {
            a += Load(x + i) * zero;
            b += Load(x + i + width) * zero;
            c += Load(x + i + 2 * width) * zero;
            d += Load(x + i + 3 * width) * zero;
        }
        float rest = 0;
        for (; i < length; i++) rest += x[i] * 0;
        return Vector.EqualsAll(a + b + c + d, zero) && rest == 0;
    }

    private static Vector<float> Load(float* x) => Unsafe.ReadUnaligned<Vector<float>>(x);
}
