// result (+)= left * right for dense matrices, on GPUs.
//
// LEFT_TRANSPOSED, RIGHT_TRANSPOSED  1 where stored (depth, rows), (columns, depth)
// LEFT_PACKED  1 where the left matrix lies in panels, as pack_gpu.cl makes them
#include "tiles_gpu.cl"
#ifndef LEFT_TRANSPOSED
#define LEFT_TRANSPOSED 0
#endif
#ifndef RIGHT_TRANSPOSED
#define RIGHT_TRANSPOSED 0
#endif
#ifndef LEFT_PACKED
#define LEFT_PACKED 0
#endif

typedef struct
{
    int rows, columns, depth;
    // The result as it lies: lines of so many values.
    int lines, length;
    int accumulate, relu;
    // The depth is cut into slices where there are too few tiles for the device; each slice's sums go to a matrix of their own.
    int slices, slice_depth;
} product;

// A run of the finished product. A line has a bias, or each place in it has.
void put(const product* p, run sum, global const float* line_bias, global const float* along_bias, global float* result, int line, int at)
{
    global float* to = result + (size_t)line * p->length + at;
    if (line_bias) sum += line_bias[line];
    if (along_bias) sum += RUN(RESULT_VECTOR, along_bias + at);
    sum = rectified(sum, p->relu);
    RESULT(to) = p->accumulate ? RESULT(to) + sum : sum;
}

// A work-group has tile (group 0, group 1) of slice (group 2).
TILE_KERNEL void gemm_tiles(global const float* left, global const float* right, global const float* line_bias, global const float* along_bias,
    global float* result, global float* partial, const product p)
{
    TILE_ROOM
    int lid = get_local_id(0), first_row = get_group_id(0) * TILE_M, first_column = get_group_id(1) * TILE_N;
    int begin = get_group_id(2) * p.slice_depth, end = min(p.depth, begin + p.slice_depth);

#define DEPTH_BEGIN begin
#define DEPTH_END end
#define RIGHT_K_FAST RIGHT_TRANSPOSED
#define BEGIN_SLAB(slab)
#if LEFT_PACKED
    left += (size_t)first_row * ((p.depth + TILE_K - 1) / TILE_K * TILE_K);
#define LEFT_K_FAST 0
#define LEFT(i, row, step) RUN(LEFT_VECTOR, left + (size_t)(step) * TILE_M + (row))
#else
#define LEFT_K_FAST (!LEFT_TRANSPOSED)
#define LEFT(i, row, step) (first_row + (row) < p.rows && (step) < end \
    ? RUN(LEFT_VECTOR, left + (LEFT_TRANSPOSED ? (size_t)(step) * p.rows + first_row + (row) : (size_t)(first_row + (row)) * p.depth + (step))) \
    : (JOIN(floats, LEFT_VECTOR))(0.0f))
#endif
#define RIGHT(i, step, column) (first_column + (column) < p.columns && (step) < end \
    ? RUN(RIGHT_VECTOR, right + (RIGHT_TRANSPOSED ? (size_t)(first_column + (column)) * p.depth + (step) : (size_t)(step) * p.columns + first_column + (column))) \
    : (JOIN(floats, RIGHT_VECTOR))(0.0f))
#include "product_gpu.cl"

    partial += (size_t)get_group_id(2) * p.lines * p.length;
#define PUT(place, part) \
    if (line < p.lines && at + place < p.length) \
    { \
        if (p.slices > 1) RESULT(partial + (size_t)line * p.length + at + place) = four.part; \
        else put(&p, four.part, line_bias, along_bias, result, line, at + place); \
    }
#if RESULT_TRANSPOSED
#define PUT_COLUMN(c, part) \
    { \
        float4 four = (float4)(sums[i][j].part, sums[i + 1][j].part, sums[i + 2][j].part, sums[i + 3][j].part); \
        int line = first_column + COLUMN_OF(4 * j) + c, at = first_row + ROW_OF(i); \
        EACH_RUN(PUT) \
    }
#pragma unroll
    for (int j = 0; j < WORK_N / 4; j++)
#pragma unroll
        for (int i = 0; i < WORK_M; i += 4)
        {
            PUT_COLUMN(0, x) PUT_COLUMN(1, y) PUT_COLUMN(2, z) PUT_COLUMN(3, w)
        }
#else
#pragma unroll
    for (int i = 0; i < WORK_M; i++)
#pragma unroll
        for (int j = 0; j < WORK_N / 4; j++)
        {
            float4 four = sums[i][j];
            int line = first_row + ROW_OF(i), at = first_column + COLUMN_OF(4 * j);
            EACH_RUN(PUT)
        }
#endif
}

// Adds the slices up, in order.
ELEMENT_KERNEL void gemm_slices(global const float* partial, global const float* line_bias, global const float* along_bias, global float* result,
    const product p)
{
    int i = get_global_id(0) * RESULT_VECTOR, count = p.lines * p.length;
    if (i >= count) return;
    run sum = (run)(0.0f);
    for (int s = 0; s < p.slices; s++) sum += RUN(RESULT_VECTOR, partial + (size_t)s * count + i);
    put(&p, sum, line_bias, along_bias, result, i / p.length, i % p.length);
}
