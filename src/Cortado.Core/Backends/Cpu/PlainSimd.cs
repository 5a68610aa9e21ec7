using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Four floats as <see cref="Vector4"/>. Mono compiles its sums and products to single SSE instructions, where it calls a function for each lane of
/// <see cref="Vector{T}"/>. There are no operations on bits: those go through memory.
/// </summary>
internal readonly unsafe struct Vector4Simd : ISimd<Vector4>
{
    public int Width => 4;

    public Vector4 Zero => Vector4.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Load(float* source) => *(Vector4*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Broadcast(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Fill(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, Vector4 value) => *(Vector4*)target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Add(Vector4 left, Vector4 right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Subtract(Vector4 left, Vector4 right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Multiply(Vector4 left, Vector4 right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Divide(Vector4 left, Vector4 right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 SquareRoot(Vector4 value) => Vector4.SquareRoot(value);

    public Vector4 Sign(Vector4 value)
    {
        float* lanes = (float*)&value;
        for (int i = 0; i < 4; i++) lanes[i] = lanes[i] > 0 ? 1 : lanes[i] < 0 ? -1 : 0;
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 MultiplyAdd(Vector4 left, Vector4 right, Vector4 addend) => left * right + addend;

    public Vector4 Select(Vector4 mask, Vector4 left, Vector4 right)
    {
        ulong* m = (ulong*)&mask, l = (ulong*)&left, r = (ulong*)&right;
        r[0] = (m[0] & l[0]) | (~m[0] & r[0]);
        r[1] = (m[1] & l[1]) | (~m[1] & r[1]);
        return right;
    }

    public Vector4 And(Vector4 left, Vector4 right)
    {
        ulong* l = (ulong*)&left, r = (ulong*)&right;
        l[0] &= r[0];
        l[1] &= r[1];
        return left;
    }

    // The value comes second: SSE's maximum and minimum give back the second operand where one is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector4 Relu(Vector4 value) => Vector4.Max(Vector4.Zero, value) + Vector4.Zero * Vector4.Min(Vector4.Zero, value);

    public float Sum(Vector4 value) => value.X + value.Y + (value.Z + value.W);

    public void Prefetch(float* address) { }

    public void PrefetchOnce(float* address) { }
}

/// <summary>Single floats: for runtimes that know no vectors at all, as Mono on ARM.</summary>
internal readonly unsafe struct ScalarSimd : ISimd<float>
{
    public int Width => 1;

    public float Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Load(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Broadcast(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Fill(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, float value) => *target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Add(float left, float right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Subtract(float left, float right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Multiply(float left, float right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Divide(float left, float right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float SquareRoot(float value) => MathF.Sqrt(value);

    public float Sign(float value) => value > 0 ? 1 : value < 0 ? -1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MultiplyAdd(float left, float right, float addend) => left * right + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Select(float mask, float left, float right) => *(int*)&mask != 0 ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float And(float left, float right) => *(int*)&right != 0 ? left : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Relu(float value) => (value < 0 ? 0 : value) + 0f * (value > 0 ? 0 : value);

    public float Sum(float value) => value;

    public void Prefetch(float* address) { }

    public void PrefetchOnce(float* address) { }
}
