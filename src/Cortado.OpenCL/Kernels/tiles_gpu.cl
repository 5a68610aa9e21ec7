// What the matrix products of GPUs are made of. A work-group computes a tile of the product: it brings a slab of both operands to local
// memory at a time, while the next one is on its way to registers; a work-item has a block of sums in registers.
//
// TILE_M, TILE_N  rows and columns of a work-group's tile
// TILE_K          steps of depth in local memory at a time
// WORK_M, WORK_N  rows and columns of a work-item's block; multiples of 4
// VECTOR          the most floats that are read from global memory at a time: 1, 2, 4 or 8. What an operand allows is for the kernel's host
//                 to say: LEFT_VECTOR, RIGHT_VECTOR
// SLABS           slabs of each operand in local memory: with 2 one is filled while the other is multiplied, which spares a barrier
#ifndef TILE_M
#define TILE_M 64
#endif
#ifndef TILE_N
#define TILE_N 64
#endif
#ifndef TILE_K
#define TILE_K 16
#endif
#ifndef WORK_M
#define WORK_M 4
#endif
#ifndef WORK_N
#define WORK_N 4
#endif
#ifndef VECTOR
#define VECTOR 4
#endif
#ifndef SLABS
#define SLABS 1
#endif
#ifndef LEFT_VECTOR
#define LEFT_VECTOR 1
#endif
#ifndef RIGHT_VECTOR
#define RIGHT_VECTOR 1
#endif
// RESULT_TRANSPOSED  1 where neighbouring rows of the product lie together, not neighbouring columns
#ifndef RESULT_TRANSPOSED
#define RESULT_TRANSPOSED 0
#endif

#include "runs_gpu.cl"

#define THREADS_M (TILE_M / WORK_M)
#define THREADS_N (TILE_N / WORK_N)
#define THREADS (THREADS_M * THREADS_N)

// Runs of each slab that a work-item brings.
#define LEFT_EACH (TILE_M * TILE_K / THREADS / LEFT_VECTOR)
#define RIGHT_EACH (TILE_N * TILE_K / THREADS / RIGHT_VECTOR)

// Rows in local memory are a few floats longer, so that columns spread over its banks and vectors of 4 stay aligned.
#define LEFT_PITCH (TILE_M + 4)
#define RIGHT_PITCH (TILE_N + 4)

// In a kernel: its local memory, as vectors so that it is aligned to them, and its sums.
#define TILE_ROOM \
    local float4 left_slabs[SLABS * TILE_K * LEFT_PITCH / 4], right_slabs[SLABS * TILE_K * RIGHT_PITCH / 4]; \
    float4 sums[WORK_M][WORK_N / 4];

#define TILE_KERNEL kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))

// A work-item's place in the tile, neighbours where neighbouring results lie together.
#if RESULT_TRANSPOSED
#define THREAD_M (lid % THREADS_M)
#define THREAD_N (lid / THREADS_M)
#else
#define THREAD_M (lid / THREADS_N)
#define THREAD_N (lid % THREADS_N)
#endif

// The place of a work-item's i-th row or column in the tile: blocks of 4, dealt out in turn.
#define ROW_OF(i) (((i) / 4 * THREADS_M + THREAD_M) * 4 + (i) % 4)
#define COLUMN_OF(i) (((i) / 4 * THREADS_N + THREAD_N) * 4 + (i) % 4)
