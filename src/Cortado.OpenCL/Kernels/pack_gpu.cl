// Puts a left operand in the order in which GPUs' tiles want it, as panels: for each tile of rows all of them for the first step of depth,
// for the second, ... Rows and steps behind the last are zero, so that nobody need look where they end, and a slab is one run of memory.
#include "tiles_gpu.cl"

// An odd one, so that rows and columns both spread over the banks of local memory.
#define PITCH (TILE_M + 1)

// Element (row, step) of group g of the operand is from[g * group_floats + row * row_floats + places[step].x], or step * step_floats where
// there are no places. A work-group packs slab (group 0) of tile (group 1) of a group (group 2).
TILE_KERNEL void pack_panels(global const float* from, global float* to, global const int4* places, int rows, int depth,
    int group_floats, int row_floats, int step_floats, int rows_together)
{
    local float slab[TILE_K * PITCH];
    int lid = get_local_id(0), first_step = get_group_id(0) * TILE_K, first_row = get_group_id(1) * TILE_M;
    from += (size_t)get_group_id(2) * group_floats;
    to += ((get_group_id(2) * get_num_groups(1) + get_group_id(1)) * get_num_groups(0) + get_group_id(0)) * (TILE_K * TILE_M);
    for (int e = lid; e < TILE_K * TILE_M; e += THREADS)
    {
        // Neighbouring work-items read what lies together.
        int k = rows_together ? e / TILE_M : e % TILE_K, m = rows_together ? e % TILE_M : e / TILE_K;
        int row = first_row + m, step = first_step + k;
        slab[k * PITCH + m] = row < rows && step < depth ? from[(size_t)row * row_floats + (places ? (size_t)places[step].x : (size_t)step * step_floats)] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int e = lid; e < TILE_K * TILE_M; e += THREADS) to[e] = slab[e / TILE_M * PITCH + e % TILE_M];
}
