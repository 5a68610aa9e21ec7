using System.Numerics;
using System.Runtime.CompilerServices;
#if NET
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif

namespace Cortado.Backends.Cpu;

/// <summary>Which vectors the kernels are made of.</summary>
internal enum SimdLevel
{
    /// <summary>System.Numerics.Vector, whatever width it has: right everywhere.</summary>
    Portable,

    /// <summary>One float at a time.</summary>
    Scalar,

    /// <summary>System.Numerics.Vector4: four floats, also on Mono.</summary>
    Vector4,

    /// <summary>Four floats: SSE, NEON.</summary>
    Vector128,

    /// <summary>Eight floats: AVX2 with FMA.</summary>
    Vector256,

    /// <summary>Sixteen floats: AVX-512.</summary>
    Vector512,
}

/// <summary>
/// What a kernel does with a vector. The implementations are empty structs, so a kernel written once over
/// <typeparamref name="TVector"/> compiles to the instructions of each width.
/// </summary>
internal unsafe interface ISimd<TVector> where TVector : struct
{
    /// <summary>Floats in a vector: 4, 8 or 16, or a single one.</summary>
    int Width { get; }

    TVector Zero { get; }

    TVector Load(float* source);

    TVector Broadcast(float* source);

    TVector Fill(float value);

    void Store(float* target, TVector value);

    TVector Add(TVector left, TVector right);

    TVector Subtract(TVector left, TVector right);

    TVector Multiply(TVector left, TVector right);

    TVector Divide(TVector left, TVector right);

    TVector SquareRoot(TVector value);

    /// <summary>-1, 0 or 1; 0 for NaN.</summary>
    TVector Sign(TVector value);

    TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Bits of <paramref name="left"/> where the mask has ones, of <paramref name="right"/> where it has zeros.</summary>
    TVector Select(TVector mask, TVector left, TVector right);

    TVector And(TVector left, TVector right);

    /// <summary>max(x, 0) + 0 * min(x, 0): <see cref="ReluFunction"/> with slope 0.</summary>
    TVector Relu(TVector value);

    /// <summary>The sum of the lanes.</summary>
    float Sum(TVector value);

    void Prefetch(float* address);

    /// <summary>
    /// Asks memory for the cache line of an address that will be read once: it passes by the larger caches, so that what is read again
    /// stays there.
    /// </summary>
    void PrefetchOnce(float* address);
}

internal readonly unsafe struct PortableSimd : ISimd<Vector<float>>
{
    public int Width => Vector<float>.Count;

    public Vector<float> Zero => Vector<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Load(float* source) => Unsafe.ReadUnaligned<Vector<float>>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Broadcast(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Fill(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, Vector<float> value) => Unsafe.WriteUnaligned(target, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Add(Vector<float> left, Vector<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Subtract(Vector<float> left, Vector<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Multiply(Vector<float> left, Vector<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Divide(Vector<float> left, Vector<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> SquareRoot(Vector<float> value) => Vector.SquareRoot(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Sign(Vector<float> value) =>
        Vector.ConditionalSelect(Vector.GreaterThan(value, Zero), Vector<float>.One,
            Vector.ConditionalSelect(Vector.LessThan(value, Zero), -Vector<float>.One, Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend) => left * right + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Select(Vector<float> mask, Vector<float> left, Vector<float> right) =>
        Vector.ConditionalSelect(Vector.AsVectorInt32(mask), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> And(Vector<float> left, Vector<float> right) => Vector.BitwiseAnd(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Relu(Vector<float> value) =>
        Vector.ConditionalSelect(Vector.LessThan(value, Zero), Zero, value)
        + Zero * Vector.ConditionalSelect(Vector.GreaterThan(value, Zero), Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum(Vector<float> value) => Vector.Dot(value, Vector<float>.One);

    public void Prefetch(float* address) { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchOnce(float* address) { }
}

#if NET
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public int Width => 4;

    public Vector128<float> Zero => Vector128<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Broadcast(float* source) => Vector128.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Fill(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, Vector128<float> value) => Vector128.Store(value, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> SquareRoot(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Sign(Vector128<float> value) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(value, Zero), Vector128<float>.One,
            Vector128.ConditionalSelect(Vector128.LessThan(value, Zero), -Vector128<float>.One, Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Select(Vector128<float> mask, Vector128<float> left, Vector128<float> right) => Vector128.ConditionalSelect(mask, left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> And(Vector128<float> left, Vector128<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Relu(Vector128<float> value) =>
        Vector128.ConditionalSelect(Vector128.LessThan(value, Zero), Zero, value)
        + Zero * Vector128.ConditionalSelect(Vector128.GreaterThan(value, Zero), Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchOnce(float* address)
    {
        if (Sse.IsSupported) Sse.PrefetchNonTemporal(address);
    }
}

internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public int Width => 8;

    public Vector256<float> Zero => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Broadcast(float* source) => Vector256.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Fill(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, Vector256<float> value) => Vector256.Store(value, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> SquareRoot(Vector256<float> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Sign(Vector256<float> value) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(value, Zero), Vector256<float>.One,
            Vector256.ConditionalSelect(Vector256.LessThan(value, Zero), -Vector256<float>.One, Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Select(Vector256<float> mask, Vector256<float> left, Vector256<float> right) => Vector256.ConditionalSelect(mask, left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> And(Vector256<float> left, Vector256<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Relu(Vector256<float> value) =>
        Vector256.ConditionalSelect(Vector256.LessThan(value, Zero), Zero, value)
        + Zero * Vector256.ConditionalSelect(Vector256.GreaterThan(value, Zero), Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchOnce(float* address)
    {
        if (Sse.IsSupported) Sse.PrefetchNonTemporal(address);
    }
}

internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public int Width => 16;

    public Vector512<float> Zero => Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Broadcast(float* source) => Vector512.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Fill(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, Vector512<float> value) => Vector512.Store(value, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> SquareRoot(Vector512<float> value) => Vector512.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Sign(Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(value, Zero), Vector512<float>.One,
            Vector512.ConditionalSelect(Vector512.LessThan(value, Zero), -Vector512<float>.One, Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Select(Vector512<float> mask, Vector512<float> left, Vector512<float> right) => Vector512.ConditionalSelect(mask, left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> And(Vector512<float> left, Vector512<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Relu(Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.LessThan(value, Zero), Zero, value)
        + Zero * Vector512.ConditionalSelect(Vector512.GreaterThan(value, Zero), Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum(Vector512<float> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchOnce(float* address)
    {
        if (Sse.IsSupported) Sse.PrefetchNonTemporal(address);
    }
}
#endif
