// output's gradient * transposed image matrix on GPUs: the gradient of a convolution's weights. Here the depth is the pixels.
#include "image_gpu.cl"

// weights_diff (+)= a run of the gradient.
void put(const convolution* g, run sum, global float* to) { RESULT(to) = g->accumulate ? RESULT(to) + sum : sum; }

// A slice of the pixels at a time: partial(slice, group, row, matrix row). A work-group has tile (group 0: matrix rows, group 1: channels) of
// a slice of a group (group 2).
TILE_KERNEL void convolution_weight_tiles(global const float* source, global const float* output_diff, global float* weights_diff, global float* partial,
    global const place* places, const convolution g)
{
    TILE_ROOM
    int lid = get_local_id(0), first_row = get_group_id(1) * TILE_M, first_column = get_group_id(0) * TILE_N;
    int group = get_group_id(2) / g.slices, slice = get_group_id(2) % g.slices, grid = g.grid_height * g.grid_width, pixels = g.batch * grid;
    int begin = slice * g.slice_depth, end = min(pixels, begin + g.slice_depth);

#define DEPTH_BEGIN begin
#define DEPTH_END end
#define LEFT_K_FAST 1
#define RIGHT_K_FAST 1
// A work-item brings runs from the same pixel on of many rows.
#define BEGIN_SLAB(slab) \
    int here = min((slab) + lid * LEFT_VECTOR % TILE_K, pixels - LEFT_VECTOR); \
    size_t diff = ((size_t)(here / grid) * g.groups + group) * g.rows * grid + here % grid; \
    pixel q = pixel_at(&g, group, min((slab) + lid * RIGHT_VECTOR % TILE_K, pixels - RIGHT_VECTOR));
#define LEFT(i, row, step) (first_row + (row) < g.rows && (step) < end \
    ? RUN(LEFT_VECTOR, output_diff + diff + (size_t)(first_row + (row)) * grid) : (JOIN(floats, LEFT_VECTOR))(0.0f))
#define RIGHT(i, step, column) (first_column + (column) < g.depth && (step) < end \
    ? image_run(&g, source, places, q, first_column + (column)) : (JOIN(floats, RIGHT_VECTOR))(0.0f))
#include "product_gpu.cl"

    global float* to = g.slices > 1 ? partial + ((size_t)slice * g.groups + group) * g.rows * g.depth : weights_diff + (size_t)group * g.rows * g.depth;
#define PUT(place, part) \
    if (row < g.rows && column + place < g.depth) \
    { \
        if (g.slices > 1) RESULT(to + (size_t)row * g.depth + column + place) = sums[i][j].part; \
        else put(&g, sums[i][j].part, to + (size_t)row * g.depth + column + place); \
    }
#pragma unroll
    for (int i = 0; i < WORK_M; i++)
#pragma unroll
        for (int j = 0; j < WORK_N / 4; j++)
        {
            int row = first_row + ROW_OF(i), column = first_column + COLUMN_OF(4 * j);
            EACH_RUN(PUT)
        }
}

// Adds the slices up, in order.
ELEMENT_KERNEL void convolution_add_weights(global const float* partial, global float* weights_diff, const convolution g)
{
    int i = get_global_id(0) * RESULT_VECTOR, count = g.groups * g.rows * g.depth;
    if (i >= count) return;
    run sum = (run)(0.0f);
    for (int s = 0; s < g.slices; s++) sum += RUN(RESULT_VECTOR, partial + (size_t)s * count + i);
    put(&g, sum, weights_diff + i);
}
