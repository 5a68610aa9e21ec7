using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>What happens to a tile of sums on its way out: bias and ReLU, while it is still in the first-level cache.</summary>
internal static unsafe class GemmEpilogue<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>As <see cref="GemmKernel.Finish"/>.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void Finish(float* tile, int rows, float* rowBias, float* columnBias, bool relu, float* target, nint pitch)
    {
        TSimd simd = default;
        int width = simd.Width;
        TVector column0 = columnBias == null ? simd.Zero : simd.Load(columnBias);
        TVector column1 = columnBias == null ? simd.Zero : simd.Load(columnBias + width);
        for (int row = 0; row < rows; row++, tile += 2 * width, target += pitch)
        {
            TVector first = simd.Load(tile), second = simd.Load(tile + width);
            if (rowBias != null)
            {
                TVector bias = simd.Broadcast(rowBias + row);
                first = simd.Add(first, bias);
                second = simd.Add(second, bias);
            }
            if (columnBias != null)
            {
                first = simd.Add(first, column0);
                second = simd.Add(second, column1);
            }
            if (relu)
            {
                first = simd.Relu(first);
                second = simd.Relu(second);
            }
            simd.Store(target, first);
            simd.Store(target + width, second);
        }
    }
}
