// What the matrix products of GPUs are made of. A work-group computes a tile of the product: it brings a slab of both operands to local
// memory at a time, while the next one is on its way to registers; a work-item has a block of sums in registers.
//
// TILE_M, TILE_N  rows and columns of a work-group's tile
// TILE_K          steps of depth in local memory at a time
// WORK_M, WORK_N  rows and columns of a work-item's block; multiples of 4
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

#define THREADS_M (TILE_M / WORK_M)
#define THREADS_N (TILE_N / WORK_N)
#define THREADS (THREADS_M * THREADS_N)

// Floats of each slab that a work-item brings.
#define LEFT_EACH (TILE_M * TILE_K / THREADS)
#define RIGHT_EACH (TILE_N * TILE_K / THREADS)

// Rows in local memory are a few floats longer, so that columns spread over its banks and vectors of 4 stay aligned.
#define LEFT_PITCH (TILE_M + 4)
#define RIGHT_PITCH (TILE_N + 4)

#define TILE_KERNEL kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))

// The place of a work-item's i-th row or column in the tile: blocks of 4, dealt out in turn.
#define ROW_OF(i) (((i) / 4 * THREADS_M + thread_m) * 4 + (i) % 4)
#define COLUMN_OF(i) (((i) / 4 * THREADS_N + thread_n) * 4 + (i) % 4)

// As Caffe compares: NaN passes, and -infinity becomes NaN.
float rectified(float x, int relu) { return relu ? (x < 0.0f ? 0.0f : x) + 0.0f * (x > 0.0f ? 0.0f : x) : x; }
