// What the matrix products of CPU devices are made of. A work-item is a thread: it takes tasks until there are none left, packs what a task
// needs into a room of its own, which stays in its caches, and adds products up in registers. No local memory, no barrier.
//
// ROWS   rows of a tile of sums; ROWS * 2 vectors of sums and 3 more should fit the registers
// WIDTH  floats of a vector; a tile has two vectors of columns
#ifndef ROWS
#define ROWS 12
#endif

#define COLUMNS (2 * WIDTH)
#define TILE (ROWS * COLUMNS)

// A left panel holds ROWS rows: WIDTH steps of depth of the first row, of the second, ..., then the next WIDTH steps.
// A right panel holds COLUMNS columns: the columns at the first step, at the second, ...
#define LEFT_PANEL(depth) (((depth) + WIDTH - 1) / WIDTH * WIDTH * ROWS)
#define RIGHT_PANEL(depth) ((depth) * COLUMNS)

#if WIDTH == 16
typedef int16 mask;
#define IOTA ((int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define WEAVE_LOW(a, b) ((real)(a.s0, b.s0, a.s1, b.s1, a.s2, b.s2, a.s3, b.s3, a.s4, b.s4, a.s5, b.s5, a.s6, b.s6, a.s7, b.s7))
#define WEAVE_HIGH(a, b) ((real)(a.s8, b.s8, a.s9, b.s9, a.sa, b.sa, a.sb, b.sb, a.sc, b.sc, a.sd, b.sd, a.se, b.se, a.sf, b.sf))
#elif WIDTH == 8
typedef int8 mask;
#define IOTA ((int8)(0, 1, 2, 3, 4, 5, 6, 7))
#define WEAVE_LOW(a, b) ((real)(a.s0, b.s0, a.s1, b.s1, a.s2, b.s2, a.s3, b.s3))
#define WEAVE_HIGH(a, b) ((real)(a.s4, b.s4, a.s5, b.s5, a.s6, b.s6, a.s7, b.s7))
#else
typedef int4 mask;
#define IOTA ((int4)(0, 1, 2, 3))
#define WEAVE_LOW(a, b) ((real)(a.s0, b.s0, a.s1, b.s1))
#define WEAVE_HIGH(a, b) ((real)(a.s2, b.s2, a.s3, b.s3))
#endif

#define THREAD_KERNEL kernel __attribute__((reqd_work_group_size(1, 1, 1)))

// Tasks go to whoever asks next. The last thread to leave sets the counters back for the next run.
#ifdef TASKS_IN_TURN // where work-groups run one after the other the first would take them all, and what two tasks both write would never show
#define FOR_EACH_TASK(counters, tasks) for (int task = get_group_id(0); task < (tasks); task += get_num_groups(0))
#else
#define FOR_EACH_TASK(counters, tasks) for (int task; (task = atomic_inc(counters)) < (tasks);)
#endif

void leave(volatile global int* counters)
{
    if (atomic_inc(counters + 1) != (int)get_num_groups(0) - 1) return;
    atomic_xchg(counters, 0);
    atomic_xchg(counters + 1, 0);
}

// Memory that is wanted next: for every WIDTH steps of a tile a cache line of each of some rows, then `step` floats on.
typedef struct
{
    global const float* next;
    size_t pitch;
    int rows, step;
} ahead;

#define NOTHING_AHEAD ((ahead){ 0, 0, 0, 0 })

#define TILE_NAME multiply_whole
#define TILE_ROWS ROWS
#define TILE_VECTORS 2
#include "tile_cpu.cl"
#undef TILE_NAME
#undef TILE_ROWS
#undef TILE_VECTORS

#define TILE_NAME multiply_narrow
#define TILE_ROWS ROWS
#define TILE_VECTORS 1
#include "tile_cpu.cl"
#undef TILE_NAME
#undef TILE_ROWS
#undef TILE_VECTORS

#define LOW_ROWS ((ROWS * 2 + 2) / 3)
#define TILE_NAME multiply_low
#define TILE_ROWS LOW_ROWS
#define TILE_VECTORS 2
#include "tile_cpu.cl"
#undef TILE_NAME
#undef TILE_ROWS
#undef TILE_VECTORS

// tile (+)= left panel * right panel, of which only so many rows and columns count.
void multiply(global const float* a, global const float* b, int depth, global float* tile, int accumulate, int rows, int columns, ahead soon)
{
    if (columns <= WIDTH) multiply_narrow(a, b, depth, tile, accumulate, soon);
    else if (rows <= LOW_ROWS) multiply_low(a, b, depth, tile, accumulate, soon);
    else multiply_whole(a, b, depth, tile, accumulate, soon);
}

// v[i] becomes what was float i of each vector: each round deals the second half of the vectors between the first.
void transpose(real* v)
{
    real w[WIDTH];
#pragma unroll
    for (int round = 1; round < WIDTH; round *= 2)
    {
#pragma unroll
        for (int i = 0; i < WIDTH / 2; i++)
        {
            w[2 * i] = WEAVE_LOW(v[i], v[i + WIDTH / 2]);
            w[2 * i + 1] = WEAVE_HIGH(v[i], v[i + WIDTH / 2]);
        }
#pragma unroll
        for (int i = 0; i < WIDTH; i++) v[i] = w[i];
    }
}

// A left panel of rows that are contiguous along the depth. source has `count` floats; the panel's first row begins at `at`.
void pack_left_rows(global const float* source, uint count, uint at, uint pitch, int rows, int depth, global float* target)
{
    for (int r = 0; r < ROWS; r++, at += pitch, target += WIDTH)
        for (int d = 0; d < depth; d += WIDTH) STORE_GLOBAL(r < rows ? load(source, at + d, count) : (real)(0.0f), target + d * ROWS);
}

// A left panel of a matrix that is stored transposed: contiguous along the rows, one step of depth a pitch.
void pack_left_columns(global const float* source, uint count, uint at, uint pitch, int rows, int depth, global float* target)
{
    for (int d = 0; d < depth; d += WIDTH, target += ROWS * WIDTH)
    {
        real v[WIDTH];
#pragma unroll
        for (int i = 0; i < WIDTH; i++) v[i] = d + i < depth ? load(source, at + (uint)(d + i) * pitch, count) : (real)(0.0f);
        transpose(v);
#pragma unroll
        for (int i = 0; i < ROWS; i++) STORE_GLOBAL(i < rows ? v[i] : (real)(0.0f), target + i * WIDTH);
    }
}

// A right panel of a matrix that is stored transposed: contiguous along the depth, one column a pitch.
void pack_right_columns(global const float* source, uint count, uint at, uint pitch, int columns, int depth, global float* target)
{
    for (int d = 0; d < depth; d += WIDTH)
        for (int side = 0; side < COLUMNS; side += WIDTH)
        {
            real v[WIDTH];
#pragma unroll
            for (int i = 0; i < WIDTH; i++) v[i] = side + i < columns ? load(source, at + (uint)(side + i) * pitch + d, count) : (real)(0.0f);
            transpose(v);
            int steps = min(WIDTH, depth - d);
            global float* to = target + d * COLUMNS + side;
#pragma unroll
            for (int i = 0; i < WIDTH; i++)
                if (i < steps) STORE_GLOBAL(v[i], to + i * COLUMNS);
        }
}

// ReLU, as Caffe compares: NaN passes, and -infinity becomes NaN.
real rectified(real x)
{
    real zero = (real)(0.0f);
    return (x < zero ? zero : x) + 0.0f * (x > zero ? zero : x);
}

// Bias and ReLU on a tile. row_bias has a value a row, column_bias one a column; either may be missing.
void finish(global float* tile, int rows, int columns, global const float* row_bias, global const float* column_bias, int relu)
{
    real bias0 = (real)(0.0f), bias1 = (real)(0.0f);
    if (column_bias)
    {
        bias0 = load(column_bias, 0, columns);
        bias1 = columns > WIDTH ? load(column_bias, WIDTH, columns) : (real)(0.0f);
    }
    for (int r = 0; r < rows; r++, tile += COLUMNS)
    {
        float bias = row_bias ? row_bias[r] : 0.0f;
        real first = LOAD(tile) + bias0 + bias, second = LOAD(tile + WIDTH) + bias1 + bias;
        if (relu)
        {
            first = rectified(first);
            second = rectified(second);
        }
        STORE_GLOBAL(first, tile);
        STORE_GLOBAL(second, tile + WIDTH);
    }
}

// Copies a run of floats of any length; the pieces are vectors.
void copy_run(global const float* from, global float* to, int count)
{
    for (; count >= WIDTH; count -= WIDTH, from += WIDTH, to += WIDTH) STORE_GLOBAL(LOAD(from), to);
    int rest = count;
    MOVE_PIECES(from, to)
}

// Writes the first `count` floats of a vector, added to what is there where accumulate is not 0.
void put_floats(real value, global float* to, int count, int accumulate)
{
    store(accumulate ? load(to, 0, count) + value : value, to, 0, count);
}
