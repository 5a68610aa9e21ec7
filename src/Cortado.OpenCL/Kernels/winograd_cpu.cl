// Convolutions with small kernels at stride 1 on CPU devices, by Winograd's tiles: for each point a product of transformed weights and
// transformed tiles, in which a tile is a column. What lies in memory are the transformed weights; a task makes the tiles that it needs.
#include "planes_cpu.cl"
#include "winograd_tile.cl"

// How far ahead weights are fetched, in WIDTH steps of a panel.
#define AHEAD 8

// The points' values of WIDTH tiles of one channel in the planes.
void load_tiles(const window* w, global const int* offsets, int vector, global float* rows, real* d)
{
    gather(w->planes, w->runs + vector * (2 * WIDTH + 2), offsets, POINTS, rows, WIDTH);
#pragma unroll
    for (int i = 0; i < POINTS; i++) d[i] = LOAD(rows + i * WIDTH);
    transform_input(d);
}

// weights(group, row, channel, tap), wherever they lie, transformed, as left panels: one for each point.
THREAD_KERNEL void winograd_weights(global const float* weights, global const int* tap_places, global float* panels, volatile global int* counters,
    const convolution g, int group_step, int row_step, int channel_step)
{
    size_t panel_floats = LEFT_PANEL(g.channels);
    FOR_EACH_TASK(counters, g.groups * g.panels)
    {
        int panel = task % g.panels, group = task / g.panels, rows = min(ROWS, g.rows - panel * ROWS);
        for (int c = 0; c < g.channels; c += WIDTH)
            for (int r = 0; r < ROWS; r++)
            {
                global float* to = panels + (size_t)task * POINTS * panel_floats + c * ROWS + r * WIDTH;
                if (r >= rows)
                {
#pragma unroll
                    for (int i = 0; i < POINTS; i++) STORE_GLOBAL((real)(0.0f), to + i * panel_floats);
                    continue;
                }
                global const float* from = weights + (size_t)group * group_step + (size_t)(panel * ROWS + r) * row_step + (size_t)c * channel_step;
                lanes_of taps[TAPS * TAPS];
                int channels = min(WIDTH, g.channels - c);
                for (int k = 0; k < WIDTH; k++, from += channel_step)
#pragma unroll
                    for (int tap = 0; tap < TAPS * TAPS; tap++) taps[tap].each[k] = k < channels ? from[tap_places[tap]] : 0.0f;
                real v[TAPS * TAPS], u[POINTS];
#pragma unroll
                for (int tap = 0; tap < TAPS * TAPS; tap++) v[tap] = taps[tap].all;
                transform_taps(v, u);
#pragma unroll
                for (int i = 0; i < POINTS; i++) STORE_GLOBAL(u[i], to + i * panel_floats);
            }
    }
    leave(counters);
}

// Where each tile of a window lies in a plane of the result, and how much of it.
void place_tiles(const convolution* g, const window* w, global int* places)
{
    int grid = g->grid_height * g->grid_width, image = w->first / grid, y = w->first % grid / g->grid_width, x = w->first % g->grid_width;
    int plane = g->result_height * g->result_width;
    for (int i = 0; i < w->count; i++, places += 3)
    {
        places[0] = image * g->groups * g->rows * plane + y * TILE_OUT * g->result_width + x * TILE_OUT;
        places[1] = min(TILE_OUT, g->result_height - y * TILE_OUT);
        places[2] = min(TILE_OUT, g->result_width - x * TILE_OUT);
        if (++x < g->grid_width) continue;
        x = 0;
        if (++y < g->grid_height) continue;
        y = 0;
        image++;
    }
}

// Finishes the products of `rows` rows and some tiles, and spreads the tiles over the result.
void put_tiles(const convolution* g, global const float* sums, global const float* bias, global float* result, int row, int rows, int columns,
    global const int* places)
{
    size_t plane = (size_t)g->result_height * g->result_width;
    float values[TILE_OUT * TILE_OUT * WIDTH];
    for (int r = 0; r < rows; r++, sums += COLUMNS)
    {
        real shift = (real)(bias ? bias[row + r] : 0.0f);
        global float* to = result + (row + r) * plane;
        for (int side = 0; side < columns; side += WIDTH)
        {
            real m[POINTS], y[TILE_OUT * TILE_OUT];
#pragma unroll
            for (int i = 0; i < POINTS; i++) m[i] = LOAD(sums + i * TILE + side);
            transform_sums(m, y);
#pragma unroll
            for (int i = 0; i < TILE_OUT * TILE_OUT; i++)
            {
                real value = bias ? y[i] + shift : y[i];
                if (g->relu) value = rectified(value);
                STORE(value, values + i * WIDTH);
            }
            int tiles = min(WIDTH, columns - side);
            global const int* place = places + 3 * side;
            for (int k = 0; k < tiles; k++, place += 3)
            {
                global float* corner = to + place[0];
                if (place[1] == TILE_OUT && place[2] == TILE_OUT)
                {
#pragma unroll
                    for (int i = 0; i < TILE_OUT; i++)
#pragma unroll
                        for (int j = 0; j < TILE_OUT; j++) corner[i * g->result_width + j] = values[(i * TILE_OUT + j) * WIDTH + k];
                }
                else
                    for (int i = 0; i < place[1]; i++)
                        for (int j = 0; j < place[2]; j++) corner[i * g->result_width + j] = values[(i * TILE_OUT + j) * WIDTH + k];
            }
        }
    }
}

// weights * tiles, over the whole batch: the forward convolution, and the gradient of its input.
THREAD_KERNEL void winograd_pass(global const float* source, global const float* weights, global const float* bias, global float* result,
    global float* lanes, global const int* offsets, volatile global int* counters, const convolution g)
{
    global float* room = lanes + (size_t)get_group_id(0) * g.lane_floats;
    global float* right = room + g.right_at;
    global float* sums = room + g.sums_at;
    global int* places = (global int*)(room + g.places_at);
    int all = g.batch * g.grid_height * g.grid_width;
    size_t left_floats = LEFT_PANEL(g.channels), right_floats = RIGHT_PANEL(g.channels);
    FOR_EACH_TASK(counters, g.tasks)
    {
        int part = task % g.row_blocks, group = task / g.row_blocks / g.windows, begin = task / g.row_blocks % g.windows * g.window;
        int first_panel = part * g.row_block, end_panel = min(g.panels, first_panel + g.row_block);
        window w = open_window(&g, room, begin, min(g.window, all - begin));
        int right_panels = (w.count + COLUMNS - 1) / COLUMNS;
        place_tiles(&g, &w, places);
        for (int channel = 0; channel < g.channels; channel += g.channels_at_once)
        {
            int channels = min(g.channels_at_once, g.channels - channel);
            fill_planes(&g, &w, source, group * g.channels, channel, channels);
            for (int c = 0; c < channels; c++)
                for (int v = 0; v * WIDTH < w.count; v++)
                {
                    real d[POINTS];
                    load_tiles(&w, offsets + c * POINTS, v, room + g.rows_at, d);
                    global float* to = right + v / 2 * right_floats + (size_t)(channel + c) * COLUMNS + v % 2 * WIDTH;
#pragma unroll
                    for (int i = 0; i < POINTS; i++) STORE_GLOBAL(d[i], to + i * right_panels * right_floats);
                }
        }
        for (int panel = first_panel; panel < end_panel; panel++)
            for (int p = 0; p < right_panels; p++)
            {
                int rows = min(ROWS, g.rows - panel * ROWS), columns = min(COLUMNS, w.count - p * COLUMNS);
                global const float* left = weights + (size_t)(group * g.panels + panel) * POINTS * left_floats;
                for (int i = 0; i < POINTS; i++, left += left_floats)
                {
                    // The first to use a panel of weights brings it from far; the panels lie one behind the other.
                    ahead soon = NOTHING_AHEAD;
                    if (p == 0) soon = (ahead){ left + AHEAD * ROWS * WIDTH, WIDTH, ROWS, ROWS * WIDTH };
                    multiply(left, right + (i * right_panels + p) * right_floats, g.channels, sums + i * TILE, 0, rows, columns, soon);
                }
                put_tiles(&g, sums, bias, result, group * g.rows + panel * ROWS, rows, columns, places + 3 * p * COLUMNS);
            }
    }
    leave(counters);
}

// Tiles [first, first + depth) of the source, transformed, as left panels of channels: for each group and point.
THREAD_KERNEL void winograd_gradient_source(global const float* source, global float* left, global float* lanes, global const int* offsets,
    volatile global int* counters, const convolution g, int first, int depth)
{
    global float* room = lanes + (size_t)get_group_id(0) * g.lane_floats;
    size_t left_floats = LEFT_PANEL(depth);
    FOR_EACH_TASK(counters, g.groups * g.panels)
    {
        int panel = task % g.panels, group = task / g.panels, channels = min(ROWS, g.channels - panel * ROWS);
        for (int begin = 0; begin < depth; begin += g.window)
        {
            window w = open_window(&g, room, first + begin, min(g.window, depth - begin));
            fill_planes(&g, &w, source, group * g.channels, panel * ROWS, channels);
            for (int v = 0; v * WIDTH < w.count; v++)
                for (int c = 0; c < ROWS; c++)
                {
                    real d[POINTS];
                    if (c < channels) load_tiles(&w, offsets + c * POINTS, v, room + g.rows_at, d);
                    else
                    {
#pragma unroll
                        for (int i = 0; i < POINTS; i++) d[i] = (real)(0.0f);
                    }
                    global float* to = left + ((size_t)group * POINTS * g.panels + panel) * left_floats + (size_t)(begin + v * WIDTH) * ROWS + c * WIDTH;
#pragma unroll
                    for (int i = 0; i < POINTS; i++) STORE_GLOBAL(d[i], to + i * g.panels * left_floats);
                }
        }
    }
    leave(counters);
}

// The same tiles of the output's gradient, transformed, as right panels of output channels. Here the output channels are the window's channels.
THREAD_KERNEL void winograd_gradient_result(global const float* output_diff, global float* memory, ulong right_at, global float* lanes, global const int* offsets,
    volatile global int* counters, const convolution g, int first, int depth)
{
    global float* room = lanes + (size_t)get_group_id(0) * g.lane_floats;
    global float* right = memory + right_at;
    global float* values = room + g.right_at;
    size_t right_floats = RIGHT_PANEL(depth);
    int blocks = (g.channels + WIDTH - 1) / WIDTH;
    FOR_EACH_TASK(counters, g.groups * blocks)
    {
        int block = task % blocks, group = task / blocks, channels = min(WIDTH, g.channels - block * WIDTH);
        for (int begin = 0; begin < depth; begin += g.window)
        {
            window w = open_window(&g, room, first + begin, min(g.window, depth - begin));
            fill_planes(&g, &w, output_diff, group * g.channels, block * WIDTH, channels);
            for (int v = 0; v * WIDTH < w.count; v++)
            {
                for (int c = 0; c < WIDTH; c++)
                {
                    real u[POINTS];
                    if (c < channels)
                    {
                        real d[TILE_OUT * TILE_OUT];
                        gather(w.planes, w.runs + v * (2 * WIDTH + 2), offsets + c * TILE_OUT * TILE_OUT, TILE_OUT * TILE_OUT, room + g.rows_at, WIDTH);
#pragma unroll
                        for (int i = 0; i < TILE_OUT * TILE_OUT; i++) d[i] = LOAD(room + g.rows_at + i * WIDTH);
                        transform_output_diff(d, u);
                    }
                    else
                    {
#pragma unroll
                        for (int i = 0; i < POINTS; i++) u[i] = (real)(0.0f);
                    }
#pragma unroll
                    for (int i = 0; i < POINTS; i++) STORE_GLOBAL(u[i], values + (i * WIDTH + c) * WIDTH);
                }
                int tiles = min(WIDTH, w.count - v * WIDTH);
                for (int i = 0; i < POINTS; i++)
                {
                    real t[WIDTH];
#pragma unroll
                    for (int c = 0; c < WIDTH; c++) t[c] = LOAD(values + (i * WIDTH + c) * WIDTH);
                    transpose(t);
                    global float* to = right + ((size_t)(group * POINTS + i) * g.right_panels + block / 2) * right_floats
                        + (size_t)(begin + v * WIDTH) * COLUMNS + block % 2 * WIDTH;
#pragma unroll
                    for (int k = 0; k < WIDTH; k++)
                        if (k < tiles) STORE_GLOBAL(t[k], to + k * COLUMNS);
                }
            }
        }
    }
    leave(counters);
}

// sums (+)= source * output's gradient, for each group and point.
THREAD_KERNEL void winograd_gradient_multiply(global float* memory, ulong right_at, ulong sums_at, volatile global int* counters,
    const convolution g, int depth, int accumulate)
{
    global const float* right = memory + right_at;
    global float* sums = memory + sums_at;
    int pairs = (g.right_panels + 1) / 2;
    FOR_EACH_TASK(counters, g.groups * POINTS * pairs)
    {
        int first = task % pairs * 2, point = task / pairs, end = min(g.right_panels, first + 2);
        for (int panel = 0; panel < g.panels; panel++)
            for (int p = first; p < end; p++)
            {
                global const float* from = memory + ((size_t)point * g.panels + panel) * LEFT_PANEL(depth);
                ahead soon = NOTHING_AHEAD;
                if (p == first) soon = (ahead){ from + AHEAD * ROWS * WIDTH, WIDTH, ROWS, ROWS * WIDTH };
                multiply(from, right + ((size_t)point * g.right_panels + p) * RIGHT_PANEL(depth), depth,
                    sums + (((size_t)point * g.panels + panel) * g.right_panels + p) * TILE, accumulate,
                    min(ROWS, g.channels - panel * ROWS), min(COLUMNS, g.rows - p * COLUMNS), soon);
            }
    }
    leave(counters);
}

// weights_diff(group, output, channel, tap) += the sums, transformed back.
THREAD_KERNEL void winograd_gradient_finish(global const float* memory, ulong sums_at, global float* weights_diff, volatile global int* counters, const convolution g)
{
    size_t point_floats = (size_t)g.panels * g.right_panels * TILE;
    FOR_EACH_TASK(counters, g.groups * g.panels * g.right_panels)
    {
        int p = task % g.right_panels, panel = task / g.right_panels % g.panels, group = task / g.right_panels / g.panels;
        int rows = min(ROWS, g.channels - panel * ROWS), columns = min(COLUMNS, g.rows - p * COLUMNS);
        global const float* tile = memory + sums_at + (size_t)group * POINTS * point_floats + ((size_t)panel * g.right_panels + p) * TILE;
        float lines[WIDTH * ROWS * TAPS * TAPS];
        for (int side = 0; side < columns; side += WIDTH)
        {
            for (int r = 0; r < rows; r++)
            {
                real m[POINTS], y[TAPS * TAPS];
#pragma unroll
                for (int i = 0; i < POINTS; i++) m[i] = LOAD(tile + i * point_floats + r * COLUMNS + side);
                transform_gradient(m, y);
#pragma unroll
                for (int tap = 0; tap < TAPS * TAPS; tap++)
                {
                    lanes_of u;
                    u.all = y[tap];
                    for (int k = 0; k < WIDTH; k++) lines[(k * ROWS + r) * TAPS * TAPS + tap] = u.each[k];
                }
            }
            int outputs = min(WIDTH, columns - side), count = rows * TAPS * TAPS;
            for (int k = 0; k < outputs; k++)
            {
                global float* to = weights_diff + ((size_t)(group * g.rows + p * COLUMNS + side + k) * g.channels + panel * ROWS) * TAPS * TAPS;
                const float* from = lines + k * ROWS * TAPS * TAPS;
                int i = 0;
                for (; i + WIDTH <= count; i += WIDTH) STORE_GLOBAL(LOAD(to + i) + LOAD(from + i), to + i);
                for (; i < count; i++) to[i] += from[i];
            }
        }
    }
    leave(counters);
}
