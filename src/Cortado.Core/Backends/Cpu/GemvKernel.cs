using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>Products of a matrix with one to four vectors, which are as fast as the matrix can be read.</summary>
internal abstract unsafe class GemvKernel
{
    /// <summary>The most vectors that one pass over the matrix serves.</summary>
    public const int MaxVectors = 4;

    /// <summary>How far ahead of its use the matrix is fetched, in floats. It is read once, and passes by the caches that hold the convolutions' weights.</summary>
    protected const int Ahead = 1024;

    /// <summary>output[v * outputPitch] = the dot product of a row with vector v.</summary>
    public abstract void Dot(float* row, int count, float* vectors, nint vectorPitch, int vectorCount, float* output, nint outputPitch);

    /// <summary>output[i] += the sum of factors[r] * rows[r][i], for count columns of the matrix, row after row.</summary>
    public abstract void AddRows(float* rows, nint rowPitch, int rowCount, float* factors, float* output, int count);
}

/// <inheritdoc cref="GemvKernel"/>
internal sealed unsafe class GemvKernel<TSimd, TVector> : GemvKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override void Dot(float* row, int count, float* vectors, nint vectorPitch, int vectorCount, float* output, nint outputPitch)
    {
        switch (vectorCount)
        {
            case 1: *output = Dot1(row, count, vectors); break;
            case 2: Dot2(row, count, vectors, vectors + vectorPitch, output, output + outputPitch); break;
            case 3:
                Dot2(row, count, vectors, vectors + vectorPitch, output, output + outputPitch);
                output[2 * outputPitch] = Dot1(row, count, vectors + 2 * vectorPitch);
                break;
            default:
                Dot2(row, count, vectors, vectors + vectorPitch, output, output + outputPitch);
                Dot2(row, count, vectors + 2 * vectorPitch, vectors + 3 * vectorPitch, output + 2 * outputPitch, output + 3 * outputPitch);
                break;
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    public override void AddRows(float* rows, nint rowPitch, int rowCount, float* factors, float* output, int count)
    {
        TSimd simd = default;
        int width = simd.Width, row = 0;
        for (; row <= rowCount - 4; row += 4, rows += 4 * rowPitch)
        {
            float* row1 = rows + rowPitch, row2 = row1 + rowPitch, row3 = row2 + rowPitch;
            TVector f0 = simd.Broadcast(factors + row), f1 = simd.Broadcast(factors + row + 1);
            TVector f2 = simd.Broadcast(factors + row + 2), f3 = simd.Broadcast(factors + row + 3);
            int i = 0;
            for (; i <= count - width; i += width)
            {
                TVector sum = simd.MultiplyAdd(f0, simd.Load(rows + i), simd.Load(output + i));
                sum = simd.MultiplyAdd(f1, simd.Load(row1 + i), sum);
                sum = simd.MultiplyAdd(f2, simd.Load(row2 + i), sum);
                simd.Store(output + i, simd.MultiplyAdd(f3, simd.Load(row3 + i), sum));
            }
            for (; i < count; i++)
                output[i] += factors[row] * rows[i] + factors[row + 1] * row1[i] + factors[row + 2] * row2[i] + factors[row + 3] * row3[i];
        }
        for (; row < rowCount; row++, rows += rowPitch)
        {
            TVector factor = simd.Broadcast(factors + row);
            int i = 0;
            for (; i <= count - width; i += width) simd.Store(output + i, simd.MultiplyAdd(factor, simd.Load(rows + i), simd.Load(output + i)));
            for (; i < count; i++) output[i] += factors[row] * rows[i];
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static float Dot1(float* row, int count, float* vector)
    {
        TSimd simd = default;
        int width = simd.Width, i = 0;
        TVector s0 = simd.Zero, s1 = simd.Zero, s2 = simd.Zero, s3 = simd.Zero;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            float* r = row + i, v = vector + i;
            simd.PrefetchOnce(r + Ahead);
            simd.PrefetchOnce(r + Ahead + width);
            simd.PrefetchOnce(r + Ahead + 2 * width);
            simd.PrefetchOnce(r + Ahead + 3 * width);
            s0 = simd.MultiplyAdd(simd.Load(r), simd.Load(v), s0);
            s1 = simd.MultiplyAdd(simd.Load(r + width), simd.Load(v + width), s1);
            s2 = simd.MultiplyAdd(simd.Load(r + 2 * width), simd.Load(v + 2 * width), s2);
            s3 = simd.MultiplyAdd(simd.Load(r + 3 * width), simd.Load(v + 3 * width), s3);
        }
        for (; i <= count - width; i += width) s0 = simd.MultiplyAdd(simd.Load(row + i), simd.Load(vector + i), s0);
        float sum = simd.Sum(simd.Add(simd.Add(s0, s1), simd.Add(s2, s3)));
        for (; i < count; i++) sum += row[i] * vector[i];
        return sum;
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Dot2(float* row, int count, float* first, float* second, float* output0, float* output1)
    {
        TSimd simd = default;
        int width = simd.Width, i = 0;
        TVector a0 = simd.Zero, a1 = simd.Zero, b0 = simd.Zero, b1 = simd.Zero;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            simd.PrefetchOnce(row + i + Ahead);
            simd.PrefetchOnce(row + i + Ahead + width);
            TVector r0 = simd.Load(row + i), r1 = simd.Load(row + i + width);
            a0 = simd.MultiplyAdd(r0, simd.Load(first + i), a0);
            a1 = simd.MultiplyAdd(r1, simd.Load(first + i + width), a1);
            b0 = simd.MultiplyAdd(r0, simd.Load(second + i), b0);
            b1 = simd.MultiplyAdd(r1, simd.Load(second + i + width), b1);
        }
        float sum0 = simd.Sum(simd.Add(a0, a1)), sum1 = simd.Sum(simd.Add(b0, b1));
        for (; i < count; i++)
        {
            sum0 += row[i] * first[i];
            sum1 += row[i] * second[i];
        }
        *output0 = sum0;
        *output1 = sum1;
    }
}
