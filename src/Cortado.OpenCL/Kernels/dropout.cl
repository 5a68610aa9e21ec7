// Dropout: to[i] = from[i] * factor, factor 0 where number counter + i of the random stream is below the threshold, else scale.
// Philox4x32-10 (Salmon et al., SC 2011), the same bits as Cortado.Tensors.CounterRandom. A work-item makes WIDTH blocks of four
// numbers. What was kept is written down as a byte each, for the backward pass.

#if WIDTH == 1
typedef uint words;
#else
typedef JOIN(uint, WIDTH) words;
typedef union { words all; uint each[WIDTH]; } words_of;
#endif

ELEMENT_KERNEL void dropout_forward(global const float* from, global float* to, global uchar* kept, uint count, ulong seed, ulong stream,
    ulong first_block, uint threshold, float scale)
{
    uint at = (uint)get_global_id(0) * (4 * WIDTH);
    if (at >= count) return;
    uint low[WIDTH], high[WIDTH];
    for (uint k = 0; k < WIDTH; k++)
    {
        ulong block = first_block + at / 4 + k;
        low[k] = (uint)block;
        high[k] = (uint)(block >> 32);
    }
#if WIDTH == 1
    words c0 = low[0], c1 = high[0];
#else
    words c0 = JOIN(vload, WIDTH)(0, low), c1 = JOIN(vload, WIDTH)(0, high);
#endif
    words c2 = (words)((uint)stream), c3 = (words)((uint)(stream >> 32)), m0 = (words)(0xD2511F53u), m1 = (words)(0xCD9E8D57u);
    uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
    for (int round = 0; round < 10; round++)
    {
        words high0 = mul_hi(m0, c0), low0 = m0 * c0, high1 = mul_hi(m1, c2), low1 = m1 * c2;
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    uint drawn[4 * WIDTH];
#if WIDTH == 1
    drawn[0] = c0;
    drawn[1] = c1;
    drawn[2] = c2;
    drawn[3] = c3;
#else
    words_of u0, u1, u2, u3;
    u0.all = c0;
    u1.all = c1;
    u2.all = c2;
    u3.all = c3;
    for (uint k = 0; k < WIDTH; k++)
    {
        drawn[4 * k] = u0.each[k];
        drawn[4 * k + 1] = u1.each[k];
        drawn[4 * k + 2] = u2.each[k];
        drawn[4 * k + 3] = u3.each[k];
    }
#endif
    uint length = min(count - at, (uint)(4 * WIDTH));
    for (uint i = 0; i < length; i++)
    {
        bool keep = drawn[i] >= threshold;
        kept[at + i] = keep;
        to[at + i] = from[at + i] * (keep ? scale : 0.0f);
    }
}

ELEMENT_KERNEL void dropout_backward(global const float* from, global float* to, global const uchar* kept, uint count, float scale)
{
    uint at = (uint)get_global_id(0) * (4 * WIDTH);
    uint end = min(at + 4 * WIDTH, count);
    for (uint i = at; i < end; i++) to[i] = from[i] * (kept[i] ? scale : 0.0f);
}
