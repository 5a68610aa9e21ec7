// Dropout: to[i] = from[i] * factor, factor 0 where number counter + i of the random stream is below the threshold, else scale.
// Philox4x32-10 (Salmon et al., SC 2011), the same bits as Cortado.Tensors.CounterRandom. A work-item makes one block of four
// numbers. Backward draws them again: that is cheaper than to write the factors to memory and read them back.

ELEMENT_KERNEL void dropout(global const float* from, global float* to, uint count, ulong seed, ulong stream, ulong first_block,
    uint threshold, float scale)
{
    uint at = (uint)get_global_id(0) * 4;
    if (at >= count) return;
    ulong block = first_block + at / 4;
    uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
    uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
    for (int round = 0; round < 10; round++)
    {
        uint high0 = mul_hi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
        uint high1 = mul_hi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    to[at] = from[at] * (c0 >= threshold ? scale : 0.0f);
    if (at + 1 < count) to[at + 1] = from[at + 1] * (c1 >= threshold ? scale : 0.0f);
    if (at + 2 < count) to[at + 2] = from[at + 2] * (c2 >= threshold ? scale : 0.0f);
    if (at + 3 < count) to[at + 3] = from[at + 3] * (c3 >= threshold ? scale : 0.0f);
}
