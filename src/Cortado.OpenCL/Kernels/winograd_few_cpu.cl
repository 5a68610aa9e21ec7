// Winograd's tiles on CPU devices where there are only some (one image, say) and the weights stay as they are. Tiles are the rows of the
// products then and output channels their columns: a tile of sums fits the number of Winograd tiles, and each transformed weight is
// read once, in the order in which it lies in memory.
//
// ROWS  Winograd tiles in a left panel
#include "panels_cpu.cl"
#define FORWARD_ONLY
#include "winograd_tile.cl"

// How far ahead weights are fetched, in floats: a page, since prefetchers of the hardware stop where one ends.
#define AHEAD 1024

typedef struct
{
    int batch, groups, channels, rows;
    int source_height, source_width, origin_y, origin_x;
    // Winograd tiles of an image, and left panels of those of the batch.
    int grid_height, grid_width, panels;
    // Right panels of output channels of a group.
    int right_panels;
    int result_height, result_width, relu;
    // A thread's room.
    int lane_floats, values_at;
} few_tiles;

// weights(group, row, channel, tap), wherever they lie, transformed, as right panels of output channels: for each group, panel and point.
THREAD_KERNEL void few_weights(global const float* weights, global const int* tap_places, global float* panels, volatile global int* counters,
    const few_tiles g, int group_step, int row_step, int channel_step)
{
    size_t right_floats = RIGHT_PANEL(g.channels);
    FOR_EACH_TASK(counters, g.groups * g.right_panels * 2)
    {
        int panel = task / 2 % g.right_panels, group = task / 2 / g.right_panels, first = panel * COLUMNS + task % 2 * WIDTH;
        global float* to = panels + (size_t)(task / 2) * POINTS * right_floats + task % 2 * WIDTH;
        for (int c = 0; c < g.channels; c++, to += COLUMNS)
        {
            lanes_of taps[TAPS * TAPS];
            global const float* from = weights + (size_t)group * group_step + (size_t)first * row_step + (size_t)c * channel_step;
            for (int k = 0; k < WIDTH; k++, from += row_step)
#pragma unroll
                for (int tap = 0; tap < TAPS * TAPS; tap++) taps[tap].each[k] = first + k < g.rows ? from[tap_places[tap]] : 0.0f;
            real v[TAPS * TAPS], u[POINTS];
#pragma unroll
            for (int tap = 0; tap < TAPS * TAPS; tap++) v[tap] = taps[tap].all;
            transform_taps(v, u);
#pragma unroll
            for (int i = 0; i < POINTS; i++) STORE_GLOBAL(u[i], to + i * right_floats);
        }
    }
    leave(counters);
}

// The tiles of the source, transformed, as left panels whose depth is the channels: for each group and point. A task has WIDTH channels.
THREAD_KERNEL void few_tiles_of(global const float* source, global float* left, global float* lanes, volatile global int* counters, const few_tiles g)
{
    global float* pixels = lanes + (size_t)get_group_id(0) * g.lane_floats;
    int plane = g.source_height * g.source_width, grid = g.grid_height * g.grid_width, blocks = (g.channels + WIDTH - 1) / WIDTH;
    uint count = (uint)g.batch * g.groups * g.channels * plane;
    size_t left_floats = LEFT_PANEL(g.channels);
    FOR_EACH_TASK(counters, g.groups * blocks)
    {
        int block = task % blocks, group = task / blocks, channels = min(WIDTH, g.channels - block * WIDTH);
        global float* panel = left + (size_t)group * POINTS * g.panels * left_floats + (size_t)block * WIDTH * ROWS;
        for (int image = 0; image < g.batch; image++)
        {
            // The channels of a pixel side by side.
            uint at = (uint)((image * g.groups + group) * g.channels + block * WIDTH) * plane;
            for (int p = 0; p < plane; p += WIDTH)
            {
                real v[WIDTH];
#pragma unroll
                for (int k = 0; k < WIDTH; k++) v[k] = k < channels ? load(source, at + (uint)(k * plane + p), count) : (real)(0.0f);
                transpose(v);
#pragma unroll
                for (int k = 0; k < WIDTH; k++) STORE_GLOBAL(v[k], pixels + (p + k) * WIDTH);
            }
            for (int tile = 0; tile < grid; tile++)
            {
                int y = tile / g.grid_width * TILE_OUT + g.origin_y, x = tile % g.grid_width * TILE_OUT + g.origin_x, row = image * grid + tile;
                real d[POINTS];
#pragma unroll
                for (int i = 0; i < POINTS; i++)
                {
                    int in_y = y + i / TILE_IN, in_x = x + i % TILE_IN;
                    bool inside = in_y >= 0 && in_y < g.source_height && in_x >= 0 && in_x < g.source_width;
                    d[i] = inside ? LOAD(pixels + (in_y * g.source_width + in_x) * WIDTH) : (real)(0.0f);
                }
                transform_input(d);
                global float* to = panel + row / ROWS * left_floats + row % ROWS * WIDTH;
#pragma unroll
                for (int i = 0; i < POINTS; i++) STORE_GLOBAL(d[i], to + i * g.panels * left_floats);
            }
        }
        for (int row = g.batch * grid; row < g.panels * ROWS; row++)
            for (int i = 0; i < POINTS; i++) STORE_GLOBAL((real)(0.0f), panel + (i * g.panels + row / ROWS) * left_floats + row % ROWS * WIDTH);
    }
    leave(counters);
}

// Products of all tiles of a group with a right panel of transformed weights, transformed back and spread over the planes of the result.
THREAD_KERNEL void few_multiply(global const float* left, global const float* weights, global const float* bias, global float* result,
    global float* lanes, volatile global int* counters, const few_tiles g)
{
    global float* sums = lanes + (size_t)get_group_id(0) * g.lane_floats;
    global float* values = sums + g.values_at;
    int grid = g.grid_height * g.grid_width, plane = g.result_height * g.result_width, tiles = g.batch * grid;
    size_t left_floats = LEFT_PANEL(g.channels), right_floats = RIGHT_PANEL(g.channels);
    FOR_EACH_TASK(counters, g.groups * g.right_panels)
    {
        int group = task / g.right_panels, row = task % g.right_panels * COLUMNS, rows = min(COLUMNS, g.rows - row);
        global const float* right = weights + (size_t)task * POINTS * right_floats;
        global const float* own_bias = bias + (group * g.rows + row);
        for (int panel = 0; panel < g.panels; panel++)
        {
            int here = min(ROWS, tiles - panel * ROWS);
            for (int i = 0; i < POINTS; i++)
            {
                global const float* from = right + i * right_floats;
                // The first to use the weights brings them from far; they lie one behind the other.
                ahead soon = NOTHING_AHEAD;
                if (panel == 0) soon = (ahead){ from + AHEAD, 16, COLUMNS * WIDTH / 16, COLUMNS * WIDTH };
                multiply(left + ((size_t)(group * POINTS + i) * g.panels + panel) * left_floats, from, g.channels, sums + i * TILE, 0, here, rows, soon);
            }
            for (int side = 0; side < rows; side += WIDTH)
            {
                real shift = bias ? load(own_bias, side, rows) : (real)(0.0f);
                for (int r = 0; r < here; r++)
                {
                    int tile = panel * ROWS + r, image = tile / grid, y = tile % grid / g.grid_width * TILE_OUT, x = tile % g.grid_width * TILE_OUT;
                    real m[POINTS], out[TILE_OUT * TILE_OUT];
#pragma unroll
                    for (int i = 0; i < POINTS; i++) m[i] = LOAD(sums + i * TILE + r * COLUMNS + side);
                    transform_sums(m, out);
                    global float* to = values + ((size_t)image * plane + y * g.result_width + x) * COLUMNS + side;
#pragma unroll
                    for (int i = 0; i < TILE_OUT * TILE_OUT; i++)
                    {
                        if (y + i / TILE_OUT >= g.result_height || x + i % TILE_OUT >= g.result_width) continue;
                        real value = out[i] + shift;
                        if (g.relu) value = rectified(value);
                        STORE_GLOBAL(value, to + (i / TILE_OUT * g.result_width + i % TILE_OUT) * COLUMNS);
                    }
                }
            }
        }
        for (int image = 0; image < g.batch; image++)
            for (int side = 0; side < rows; side += WIDTH)
                for (int p = 0; p < plane; p += WIDTH)
                {
                    int pixels = min(WIDTH, plane - p);
                    real v[WIDTH];
#pragma unroll
                    for (int k = 0; k < WIDTH; k++) v[k] = k < pixels ? LOAD(values + ((size_t)image * plane + p + k) * COLUMNS + side) : (real)(0.0f);
                    transpose(v);
                    global float* to = result + ((size_t)(image * g.groups + group) * g.rows + row + side) * plane + p;
#pragma unroll
                    for (int k = 0; k < WIDTH; k++)
                        if (side + k < rows) put_floats(v[k], to + (size_t)k * plane, pixels, 0);
                }
    }
    leave(counters);
}
