using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// The element-wise halves of normalising a run of values, forward and backward; sums come from outside. A run has one mean and
/// deviation, or, where channels have one value an example, a mean and deviation for each of its values.
/// </summary>
internal static unsafe class Normalization
{
    /// <summary>y = (x - mean) / deviation, and where wanted the same again into <paramref name="copy"/>.</summary>
    public static void Forward(float* x, float* y, float* copy, int length, float mean, float deviation)
    {
        var means = new Vector<float>(mean);
        var deviations = new Vector<float>(deviation);
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
        {
            Vector<float> value = (Load(x + i) - means) / deviations;
            Unsafe.WriteUnaligned(y + i, value);
            if (copy != null) Unsafe.WriteUnaligned(copy + i, value);
        }
        for (; i < length; i++)
        {
            float value = (x[i] - mean) / deviation;
            y[i] = value;
            if (copy != null) copy[i] = value;
        }
    }

    /// <summary>y[i] = (x[i] - mean[i]) / deviation[i], and where wanted the same again into <paramref name="copy"/>.</summary>
    public static void ForwardAlong(float* x, float* y, float* copy, int length, float* mean, float* deviation)
    {
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
        {
            Vector<float> value = (Load(x + i) - Load(mean + i)) / Load(deviation + i);
            Unsafe.WriteUnaligned(y + i, value);
            if (copy != null) Unsafe.WriteUnaligned(copy + i, value);
        }
        for (; i < length; i++)
        {
            float value = (x[i] - mean[i]) / deviation[i];
            y[i] = value;
            if (copy != null) copy[i] = value;
        }
    }

    /// <summary>dx = (dy - meanDy - meanDyY * y) / deviation.</summary>
    public static void Backward(float* y, float* dy, float* dx, int length, float meanDy, float meanDyY, float deviation)
    {
        var first = new Vector<float>(meanDy);
        var second = new Vector<float>(meanDyY);
        var deviations = new Vector<float>(deviation);
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(dx + i, (Load(dy + i) - (first + second * Load(y + i))) / deviations);
        for (; i < length; i++) dx[i] = (dy[i] - (meanDy + meanDyY * y[i])) / deviation;
    }

    /// <summary>dx[i] = (dy[i] - meanDy[i] - meanDyY[i] * y[i]) / deviation[i].</summary>
    public static void BackwardAlong(float* y, float* dy, float* dx, int length, float* meanDy, float* meanDyY, float* deviation)
    {
        int width = VectorLoop.Width, i = 0;
        for (; i <= length - width; i += width)
            Unsafe.WriteUnaligned(dx + i, (Load(dy + i) - (Load(meanDy + i) + Load(meanDyY + i) * Load(y + i))) / Load(deviation + i));
        for (; i < length; i++) dx[i] = (dy[i] - (meanDy[i] + meanDyY[i] * y[i])) / deviation[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(float* x) => Unsafe.ReadUnaligned<Vector<float>>(x);
}
