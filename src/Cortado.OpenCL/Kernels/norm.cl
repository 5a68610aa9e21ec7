// Sums over a whole array, in blocks of BLOCK elements of which the host adds the results in double; and the first value that is not finite.

#ifndef BLOCK
#define BLOCK 8192
#endif

// The first block's sum goes to sums[at].
LANE_KERNEL void norm_sums(global const float* x, global float* sums, uint count, int squares, uint at)
{
    local float scratch[LANES];
    uint start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, count);
    real sum = (real)(0.0f);
    for (uint i = start + (uint)get_local_id(0) * WIDTH; i < end; i += LANES * WIDTH)
    {
        real value = load(x, i, end);
        sum += squares ? value * value : fabs(value);
    }
    float all = over_lanes(across(sum), scratch);
    if (get_local_id(0) == 0) sums[at + get_group_id(0)] = all;
}

// first[0] starts as the count. The least of whole numbers is the same in any order, so it may be atomic.
LANE_KERNEL void first_non_finite(global const float* x, global int* first, uint count)
{
    uint start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, count);
    for (uint i = start + get_local_id(0); i < end; i += LANES)
        if (!isfinite(x[i])) atomic_min(first, (int)i);
}
