using System.Numerics;
using System.Runtime.InteropServices;

namespace Cortado.Data;

/// <summary>(pixel - mean) * scale over a row, in the order of Caffe's DataTransformer.</summary>
internal static class PixelKernels
{
    public static void SubtractScale(ReadOnlySpan<byte> source, float mean, float scale, Span<float> destination)
    {
        int step = Vector.IsHardwareAccelerated ? Vector<byte>.Count : int.MaxValue, lanes = Vector<float>.Count, i = 0;
        var meanVector = new Vector<float>(mean);
        for (; i <= source.Length - step; i += step)
        {
            Widen(source.Slice(i, step), out Vector<float> a, out Vector<float> b, out Vector<float> c, out Vector<float> d);
            Span<float> to = destination.Slice(i, step);
            Store((a - meanVector) * scale, to);
            Store((b - meanVector) * scale, to.Slice(lanes));
            Store((c - meanVector) * scale, to.Slice(2 * lanes));
            Store((d - meanVector) * scale, to.Slice(3 * lanes));
        }

        for (; i < source.Length; i++) destination[i] = (source[i] - mean) * scale;
    }

    public static void SubtractScale(ReadOnlySpan<byte> source, ReadOnlySpan<float> mean, float scale, Span<float> destination)
    {
        int step = Vector.IsHardwareAccelerated ? Vector<byte>.Count : int.MaxValue, lanes = Vector<float>.Count, i = 0;
        for (; i <= source.Length - step; i += step)
        {
            Widen(source.Slice(i, step), out Vector<float> a, out Vector<float> b, out Vector<float> c, out Vector<float> d);
            Span<float> to = destination.Slice(i, step);
            ReadOnlySpan<float> less = mean.Slice(i, step);
            Store((a - Load(less)) * scale, to);
            Store((b - Load(less.Slice(lanes))) * scale, to.Slice(lanes));
            Store((c - Load(less.Slice(2 * lanes))) * scale, to.Slice(2 * lanes));
            Store((d - Load(less.Slice(3 * lanes))) * scale, to.Slice(3 * lanes));
        }

        for (; i < source.Length; i++) destination[i] = (source[i] - mean[i]) * scale;
    }

    public static void SubtractScale(ReadOnlySpan<float> source, float mean, float scale, Span<float> destination)
    {
        int lanes = Vector.IsHardwareAccelerated ? Vector<float>.Count : int.MaxValue, i = 0;
        var meanVector = new Vector<float>(mean);
        for (; i <= source.Length - lanes; i += lanes) Store((Load(source.Slice(i)) - meanVector) * scale, destination.Slice(i));
        for (; i < source.Length; i++) destination[i] = (source[i] - mean) * scale;
    }

    public static void SubtractScale(ReadOnlySpan<float> source, ReadOnlySpan<float> mean, float scale, Span<float> destination)
    {
        int lanes = Vector.IsHardwareAccelerated ? Vector<float>.Count : int.MaxValue, i = 0;
        for (; i <= source.Length - lanes; i += lanes)
            Store((Load(source.Slice(i)) - Load(mean.Slice(i))) * scale, destination.Slice(i));
        for (; i < source.Length; i++) destination[i] = (source[i] - mean[i]) * scale;
    }

    private static void Widen(ReadOnlySpan<byte> source, out Vector<float> a, out Vector<float> b, out Vector<float> c, out Vector<float> d)
    {
        Vector.Widen(MemoryMarshal.Read<Vector<byte>>(source), out Vector<ushort> low, out Vector<ushort> high);
        Vector.Widen(low, out Vector<uint> i0, out Vector<uint> i1);
        Vector.Widen(high, out Vector<uint> i2, out Vector<uint> i3);
        a = Vector.ConvertToSingle(Vector.AsVectorInt32(i0));
        b = Vector.ConvertToSingle(Vector.AsVectorInt32(i1));
        c = Vector.ConvertToSingle(Vector.AsVectorInt32(i2));
        d = Vector.ConvertToSingle(Vector.AsVectorInt32(i3));
    }

    private static Vector<float> Load(ReadOnlySpan<float> source) => MemoryMarshal.Read<Vector<float>>(MemoryMarshal.AsBytes(source));

#if NETSTANDARD
    private static void Store(Vector<float> value, Span<float> destination) => MemoryMarshal.Write(MemoryMarshal.AsBytes(destination), ref value);
#else
    private static void Store(Vector<float> value, Span<float> destination) => MemoryMarshal.Write(MemoryMarshal.AsBytes(destination), in value);
#endif
}
