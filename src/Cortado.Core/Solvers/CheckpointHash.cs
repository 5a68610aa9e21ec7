using System.Buffers.Binary;

namespace Cortado.Solvers;

/// <summary>
/// A 64-bit checksum of a stream of bytes, XXH64 by Yann Collet (specification: xxHash, doc/xxhash_spec.md) with seed 0. It finds
/// damage, not malice.
/// </summary>
internal sealed class CheckpointHash
{
    private const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9, P4 = 0x85EBCA77C2B2AE63, P5 = 0x27D4EB2F165667C5;
    private const int Stripe = 32;

    private readonly byte[] _rest = new byte[Stripe];
    private ulong _a = unchecked(P1 + P2), _b = P2, _c, _d = unchecked(0 - P1);
    private ulong _length;
    private int _restLength;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        if (_restLength > 0)
        {
            int taken = Math.Min(Stripe - _restLength, bytes.Length);
            bytes[..taken].CopyTo(_rest.AsSpan(_restLength));
            _restLength += taken;
            bytes = bytes[taken..];
            if (_restLength < Stripe) return;
            Mix(_rest);
            _restLength = 0;
        }
        int whole = bytes.Length - bytes.Length % Stripe;
        Mix(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
        _restLength = bytes.Length - whole;
    }

    /// <summary>The checksum of all bytes so far.</summary>
    public ulong Value()
    {
        unchecked
        {
            ulong hash;
            if (_length >= Stripe)
            {
                hash = Rotate(_a, 1) + Rotate(_b, 7) + Rotate(_c, 12) + Rotate(_d, 18);
                hash = (hash ^ Round(0, _a)) * P1 + P4;
                hash = (hash ^ Round(0, _b)) * P1 + P4;
                hash = (hash ^ Round(0, _c)) * P1 + P4;
                hash = (hash ^ Round(0, _d)) * P1 + P4;
            }
            else
            {
                hash = P5;
            }
            hash += _length;
            ReadOnlySpan<byte> rest = _rest.AsSpan(0, _restLength);
            for (; rest.Length >= 8; rest = rest[8..])
                hash = Rotate(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * P1 + P4;
            if (rest.Length >= 4)
            {
                hash = Rotate(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * P1), 23) * P2 + P3;
                rest = rest[4..];
            }
            foreach (byte value in rest) hash = Rotate(hash ^ (value * P5), 11) * P1;
            hash = (hash ^ (hash >> 33)) * P2;
            hash = (hash ^ (hash >> 29)) * P3;
            return hash ^ (hash >> 32);
        }
    }

    private static ulong Rotate(ulong value, int bits) => (value << bits) | (value >> (64 - bits));

    private static ulong Round(ulong sum, ulong lane) => unchecked(Rotate(sum + lane * P2, 31) * P1);

    private void Mix(ReadOnlySpan<byte> stripes)
    {
        ulong a = _a, b = _b, c = _c, d = _d;
        for (; stripes.Length >= Stripe; stripes = stripes[Stripe..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(stripes));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(stripes[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(stripes[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(stripes[24..]));
        }
        (_a, _b, _c, _d) = (a, b, c, d);
    }
}
