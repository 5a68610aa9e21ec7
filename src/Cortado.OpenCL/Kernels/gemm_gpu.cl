// result (+)= left * right for dense matrices, on GPUs.
//
// LEFT_TRANSPOSED, RIGHT_TRANSPOSED  1 where stored (depth, rows), (columns, depth)
#include "tiles_gpu.cl"
#ifndef LEFT_TRANSPOSED
#define LEFT_TRANSPOSED 0
#endif
#ifndef RIGHT_TRANSPOSED
#define RIGHT_TRANSPOSED 0
#endif

typedef struct
{
    int rows, columns, depth;
    int result_transposed, accumulate, relu;
    // The depth is cut into slices where there are too few tiles for the device; each slice's sums go to a matrix of their own.
    int slices, slice_depth;
} product;

// One element of the finished product.
void put(const product* p, float sum, global const float* row_bias, global const float* column_bias, global float* result, int row, int column)
{
    size_t at = p->result_transposed ? (size_t)column * p->rows + row : (size_t)row * p->columns + column;
    if (row_bias) sum += row_bias[row];
    if (column_bias) sum += column_bias[column];
    sum = rectified(sum, p->relu);
    result[at] = p->accumulate ? result[at] + sum : sum;
}

// A work-group has tile (group 0, group 1) of slice (group 2).
TILE_KERNEL void gemm_tiles(global const float* left, global const float* right, global const float* row_bias, global const float* column_bias,
    global float* result, global float* partial, const product p)
{
    local float left_slab[TILE_K * LEFT_PITCH], right_slab[TILE_K * RIGHT_PITCH];
    float sums[WORK_M * WORK_N];
    int lid = get_local_id(0), first_row = get_group_id(0) * TILE_M, first_column = get_group_id(1) * TILE_N;
    int begin = get_group_id(2) * p.slice_depth, end = min(p.depth, begin + p.slice_depth);

#define DEPTH_BEGIN begin
#define DEPTH_END end
#define LEFT_K_FAST (!LEFT_TRANSPOSED)
#define RIGHT_K_FAST RIGHT_TRANSPOSED
#define BEGIN_SLAB(slab)
#define LEFT(i, row, step) (first_row + (row) < p.rows ? left[LEFT_TRANSPOSED ? (size_t)(step) * p.rows + first_row + (row) : (size_t)(first_row + (row)) * p.depth + (step)] : 0.0f)
#define RIGHT(i, step, column) (first_column + (column) < p.columns ? right[RIGHT_TRANSPOSED ? (size_t)(first_column + (column)) * p.depth + (step) : (size_t)(step) * p.columns + first_column + (column)] : 0.0f)
#include "product_gpu.cl"

    int thread_m = lid / THREADS_N, thread_n = lid % THREADS_N;
    for (int i = 0; i < WORK_M; i++)
        for (int j = 0; j < WORK_N; j++)
        {
            int row = first_row + ROW_OF(i), column = first_column + COLUMN_OF(j);
            if (row >= p.rows || column >= p.columns) continue;
            if (p.slices > 1) partial[((size_t)get_group_id(2) * p.rows + row) * p.columns + column] = sums[i * WORK_N + j];
            else put(&p, sums[i * WORK_N + j], row_bias, column_bias, result, row, column);
        }
}

// Adds the slices up, in order.
ELEMENT_KERNEL void gemm_slices(global const float* partial, global const float* row_bias, global const float* column_bias, global float* result,
    const product p)
{
    int i = get_global_id(0), count = p.rows * p.columns;
    if (i >= count) return;
    float sum = 0.0f;
    for (int s = 0; s < p.slices; s++) sum += partial[(size_t)s * count + i];
    put(&p, sum, row_bias, column_bias, result, i / p.columns, i % p.columns);
}
