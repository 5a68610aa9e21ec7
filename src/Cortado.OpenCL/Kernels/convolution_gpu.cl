// weights * image matrix on GPUs: the forward convolution, and the gradient of its input. The weights lie in panels, as pack_gpu.cl makes
// them.
#include "image_gpu.cl"

// Where a pixel of a group's first channel lies in the result.
size_t result_at(const convolution* g, int group, int index)
{
    int grid = g->grid_height * g->grid_width, image = index / grid, inside = index % grid;
    // Runs longer than 1 are of results that lie as the grid does.
    if (RESULT_VECTOR == 1)
        inside = (inside / g->grid_width * g->result_step_y + g->result_first_y) * g->result_width + inside % g->grid_width * g->result_step_x + g->result_first_x;
    return (size_t)((image * g->groups + group) * g->rows) * g->result_height * g->result_width + inside;
}

// Columns of the tile from which a work-item brings runs.
#define COLUMNS_EACH ((TILE_N / RIGHT_VECTOR + THREADS - 1) / THREADS)

// A work-group has tile (group 0: pixels, group 1: channels) of a slice of a group (group 2).
TILE_KERNEL void convolution_tiles(global const float* source, global const float* panels, global const float* bias, global float* result,
    global float* partial, global const place* places, const convolution g)
{
    TILE_ROOM
    int lid = get_local_id(0), first_row = get_group_id(1) * TILE_M, first_column = get_group_id(0) * TILE_N;
    int group = get_group_id(2) / g.slices, slice = get_group_id(2) % g.slices, pixels = g.batch * g.grid_height * g.grid_width;
    int begin = slice * g.slice_depth, end = min(g.depth, begin + g.slice_depth);
    pixel mine[COLUMNS_EACH];
#pragma unroll
    for (int i = 0; i < COLUMNS_EACH; i++)
        mine[i] = pixel_at(&g, group, min(first_column + (i * THREADS + lid) * RIGHT_VECTOR % TILE_N, pixels - RIGHT_VECTOR));
    panels += ((size_t)group * get_num_groups(1) * TILE_M + first_row) * ((g.depth + TILE_K - 1) / TILE_K * TILE_K);

#define DEPTH_BEGIN begin
#define DEPTH_END end
#define LEFT_K_FAST 0
#define RIGHT_K_FAST 0
#define BEGIN_SLAB(slab)
#define LEFT(i, row, step) RUN(LEFT_VECTOR, panels + (size_t)(step) * TILE_M + (row))
// What is brought of columns behind the last one is not used.
#define RIGHT(i, step, column) ((step) < end ? image_run(&g, source, places, mine[(i) % COLUMNS_EACH], step) : (JOIN(floats, RIGHT_VECTOR))(0.0f))
#include "product_gpu.cl"

    partial += g.partial_at + ((size_t)slice * g.groups + group) * g.rows * pixels;
    int plane = g.result_height * g.result_width;
#define FIND(place, part) at[place / RESULT_VECTOR] = g.slices > 1 ? column + place : result_at(&g, group, min(column + place, pixels - RESULT_VECTOR));
#define PUT(place, part) \
    if (column + place < pixels) \
    { \
        run sum = sums[i][j].part; \
        if (g.slices > 1) RESULT(partial + (size_t)row * pixels + at[place / RESULT_VECTOR]) = sum; \
        else RESULT(result + (size_t)row * plane + at[place / RESULT_VECTOR]) = rectified(sum + shift[i], g.relu); \
    }
    float shift[WORK_M];
#pragma unroll
    for (int i = 0; i < WORK_M; i++) shift[i] = bias && first_row + ROW_OF(i) < g.rows ? bias[group * g.rows + first_row + ROW_OF(i)] : 0.0f;
#pragma unroll
    for (int j = 0; j < WORK_N / 4; j++)
    {
        int column = first_column + COLUMN_OF(4 * j);
        // Where a pixel lies takes divisions: it is found once for all rows.
        size_t at[4 / RESULT_VECTOR];
        EACH_RUN(FIND)
#pragma unroll
        for (int i = 0; i < WORK_M; i++)
        {
            int row = first_row + ROW_OF(i);
            if (row >= g.rows) continue;
            EACH_RUN(PUT)
        }
    }
}

// Adds the slices up, in order.
ELEMENT_KERNEL void convolution_slices(global const float* partial, global const float* bias, global float* result, const convolution g)
{
    int i = get_global_id(0) * RESULT_VECTOR, pixels = g.batch * g.grid_height * g.grid_width, count = g.groups * g.rows * pixels;
    if (i >= count) return;
    run sum = (run)(0.0f);
    partial += g.partial_at;
    for (int s = 0; s < g.slices; s++) sum += RUN(RESULT_VECTOR, partial + (size_t)s * count + i);
    int channel = i / pixels, row = channel % g.rows;
    if (bias) sum += bias[channel];
    RESULT(result + result_at(&g, channel / g.rows, i % pixels) + (size_t)row * g.result_height * g.result_width) = rectified(sum, g.relu);
}
