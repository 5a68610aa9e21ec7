// Convolutions on GPUs, as products with the image matrix: a column for each position of a grid over all images of the batch (a pixel), a
// row for each channel and tap. The matrix lies nowhere: its values are read from the images as they are wanted.
#include "tiles_gpu.cl"

typedef struct
{
    int batch, groups, channels, source_height, source_width;
    int grid_height, grid_width, step_y, step_x;
    int rows, depth; // channels of the result in one group; channels * taps
    int weight_group, weight_row;
    int result_height, result_width, result_step_y, result_step_x, result_first_y, result_first_x;
    // The depth is cut into slices where there are too few tiles for the device; each slice's sums go to a matrix of their own.
    int slices, slice_depth;
    int relu;
} convolution;

// Of each row of the matrix: where its weight lies in a row of weights, where its value lies from the pixel's place in the source, and how
// many source rows and columns that is away.
typedef int4 place;

// A pixel of the grid: the source's row and column at tap (0, 0), and where that lies in the group's channel 0.
typedef struct
{
    int y, x, at;
} pixel;

pixel pixel_at(const convolution* g, int group, int index)
{
    int grid = g->grid_height * g->grid_width, image = index / grid, inside = index % grid;
    pixel q;
    q.y = inside / g->grid_width * g->step_y;
    q.x = inside % g->grid_width * g->step_x;
    q.at = ((image * g->groups + group) * g->channels * g->source_height + q.y) * g->source_width + q.x;
    return q;
}

float image_value(const convolution* g, global const float* source, pixel q, place p)
{
    return (uint)(q.y + p.z) < (uint)g->source_height && (uint)(q.x + p.w) < (uint)g->source_width ? source[q.at + p.y] : 0.0f;
}

// One element of the result: a channel of a group at a pixel.
void put_pixel(const convolution* g, float sum, global const float* bias, global float* result, int group, int row, int index)
{
    int grid = g->grid_height * g->grid_width, image = index / grid, inside = index % grid, channel = group * g->rows + row;
    int y = inside / g->grid_width * g->result_step_y + g->result_first_y, x = inside % g->grid_width * g->result_step_x + g->result_first_x;
    if (bias) sum += bias[channel];
    result[((size_t)(image * g->groups * g->rows + channel) * g->result_height + y) * g->result_width + x] = rectified(sum, g->relu);
}

// Columns of the tile of which a work-item brings values.
#define COLUMNS_EACH ((TILE_N + THREADS - 1) / THREADS)

// weights * image matrix: the forward convolution, and the gradient of its input. A work-group has tile (group 0: pixels, group 1: channels)
// of a slice of a group (group 2).
TILE_KERNEL void convolution_tiles(global const float* source, global const float* weights, global const float* bias, global float* result,
    global float* partial, global const place* places, const convolution g)
{
    local float left_slab[TILE_K * LEFT_PITCH], right_slab[TILE_K * RIGHT_PITCH];
    float sums[WORK_M * WORK_N];
    int lid = get_local_id(0), first_row = get_group_id(1) * TILE_M, first_column = get_group_id(0) * TILE_N;
    int group = get_group_id(2) / g.slices, slice = get_group_id(2) % g.slices, pixels = g.batch * g.grid_height * g.grid_width;
    int begin = slice * g.slice_depth, end = min(g.depth, begin + g.slice_depth);
    pixel mine[COLUMNS_EACH];
#pragma unroll
    for (int i = 0; i < COLUMNS_EACH; i++) mine[i] = pixel_at(&g, group, min(first_column + (i * THREADS + lid) % TILE_N, pixels - 1));

#define DEPTH_BEGIN begin
#define DEPTH_END end
#define LEFT_K_FAST 1
#define RIGHT_K_FAST 0
#define BEGIN_SLAB(slab)
#define LEFT(i, row, step) (first_row + (row) < g.rows ? weights[(size_t)group * g.weight_group + (size_t)(first_row + (row)) * g.weight_row + places[step].x] : 0.0f)
// What is brought of columns behind the last one is not used.
#define RIGHT(i, step, column) image_value(&g, source, mine[(i) % COLUMNS_EACH], places[step])
#include "product_gpu.cl"
#undef DEPTH_BEGIN
#undef DEPTH_END
#undef LEFT_K_FAST
#undef RIGHT_K_FAST
#undef BEGIN_SLAB
#undef LEFT
#undef RIGHT

    int thread_m = lid / THREADS_N, thread_n = lid % THREADS_N;
    for (int j = 0; j < WORK_N; j++)
        for (int i = 0; i < WORK_M; i++)
        {
            int row = first_row + ROW_OF(i), column = first_column + COLUMN_OF(j);
            if (row >= g.rows || column >= pixels) continue;
            if (g.slices > 1) partial[((size_t)(slice * g.groups + group) * g.rows + row) * pixels + column] = sums[i * WORK_N + j];
            else put_pixel(&g, sums[i * WORK_N + j], bias, result, group, row, column);
        }
}

// Adds the slices up, in order.
ELEMENT_KERNEL void convolution_slices(global const float* partial, global const float* bias, global float* result, const convolution g)
{
    int i = get_global_id(0), pixels = g.batch * g.grid_height * g.grid_width, count = g.groups * g.rows * pixels;
    if (i >= count) return;
    float sum = 0.0f;
    for (int s = 0; s < g.slices; s++) sum += partial[(size_t)s * count + i];
    put_pixel(&g, sum, bias, result, i / pixels / g.rows, i / pixels % g.rows, i % pixels);
}

// output's gradient * transposed image matrix, a slice of the pixels at a time: partial(slice, group, row, matrix row). A work-group has
// tile (group 0: matrix rows, group 1: channels) of a slice of a group (group 2). Here the depth is the pixels.
TILE_KERNEL void convolution_weight_tiles(global const float* source, global const float* output_diff, global float* partial, global const place* places,
    const convolution g)
{
    local float left_slab[TILE_K * LEFT_PITCH], right_slab[TILE_K * RIGHT_PITCH];
    float sums[WORK_M * WORK_N];
    int lid = get_local_id(0), first_row = get_group_id(1) * TILE_M, first_column = get_group_id(0) * TILE_N;
    int group = get_group_id(2) / g.slices, slice = get_group_id(2) % g.slices, grid = g.grid_height * g.grid_width, pixels = g.batch * grid;
    int begin = slice * g.slice_depth, end = min(pixels, begin + g.slice_depth);

#define DEPTH_BEGIN begin
#define DEPTH_END end
#define LEFT_K_FAST 1
#define RIGHT_K_FAST 1
// A work-item brings the same pixel's values of both operands.
#define BEGIN_SLAB(slab) \
    int here = min((slab) + lid % TILE_K, pixels - 1); \
    pixel q = pixel_at(&g, group, here); \
    size_t diff = ((size_t)(here / grid) * g.groups + group) * g.rows * grid + here % grid;
#define LEFT(i, row, step) (first_row + (row) < g.rows ? output_diff[diff + (size_t)(first_row + (row)) * grid] : 0.0f)
#define RIGHT(i, step, column) (first_column + (column) < g.depth ? image_value(&g, source, q, places[first_column + (column)]) : 0.0f)
#include "product_gpu.cl"

    int thread_m = lid / THREADS_N, thread_n = lid % THREADS_N;
    for (int i = 0; i < WORK_M; i++)
        for (int j = 0; j < WORK_N; j++)
        {
            int row = first_row + ROW_OF(i), column = first_column + COLUMN_OF(j);
            if (row < g.rows && column < g.depth) partial[((size_t)(slice * g.groups + group) * g.rows + row) * g.depth + column] = sums[i * WORK_N + j];
        }
}

// weights_diff += the slices' sums, in order.
ELEMENT_KERNEL void convolution_add_weights(global const float* partial, global float* weights_diff, int count, int slices)
{
    int i = get_global_id(0);
    if (i >= count) return;
    float sum = 0.0f;
    for (int s = 0; s < slices; s++) sum += partial[(size_t)s * count + i];
    weights_diff[i] += sum;
}
