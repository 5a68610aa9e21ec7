// Convolutions on CPU devices, as products with the image matrix: a column for each position of a grid over all images of the batch (a
// pixel), a row for each channel and tap of the kernel. The matrix never lies in memory as a whole: a task makes the columns that it needs
// from padded copies of the planes that they see, in its thread's own room.
#include "planes_cpu.cl"

// How far ahead weights are fetched, in WIDTH steps of a panel.
#define AHEAD 8

// Matrix rows [0, rows), counted from the first channel in the planes, as right panels.
void pack_right_window(const window* w, global const int* offsets, int rows, global float* target)
{
    for (int v = 0; v * WIDTH < w->count; v++)
        gather(w->planes, w->runs + v * (2 * WIDTH + 2), offsets, rows, target + (size_t)(v / 2) * RIGHT_PANEL(rows) + v % 2 * WIDTH, COLUMNS);
}

// Matrix rows [row, row + rows) as left panels, whose depth is the window's pixels.
void pack_left_window(const window* w, global const int* offsets, int row, int rows, global float* target)
{
    for (int first = 0; first < rows; first += ROWS, target += LEFT_PANEL(w->count))
    {
        int here = min(ROWS, rows - first);
        global float* to = target;
        for (int v = 0; v * WIDTH < w->count; v++, to += ROWS * WIDTH)
        {
            gather(w->planes, w->runs + v * (2 * WIDTH + 2), offsets + row + first, here, to, WIDTH);
            for (int r = here; r < ROWS; r++) STORE_GLOBAL((real)(0.0f), to + r * WIDTH);
        }
    }
}

// weights(group, row, channel, tap), wherever they lie, as left panels: block by block of channels.
THREAD_KERNEL void convolution_pack_weights(global const float* weights, global const int* tap_places, global float* panels, global float* lanes,
    volatile global int* counters, const convolution g, int group_step, int row_step, int channel_step, int taps_together)
{
    int block_depth = g.channels_at_once * g.taps;
    uint count = g.groups * group_step;
    global float* line = lanes + (size_t)get_group_id(0) * g.lane_floats;
    FOR_EACH_TASK(counters, g.groups * g.blocks * g.panels)
    {
        int panel = task % g.panels, block = task / g.panels % g.blocks, group = task / g.panels / g.blocks;
        int first = block * g.channels_at_once, channels = min(g.channels_at_once, g.channels - first), rows = min(ROWS, g.rows - panel * ROWS);
        int depth = channels * g.taps;
        global float* target = panels + (size_t)task * LEFT_PANEL(block_depth);
        uint at = group * group_step + panel * ROWS * row_step + first * channel_step;
        if (taps_together && channel_step == g.taps)
        {
            pack_left_rows(weights, count, at, row_step, rows, depth, target);
            continue;
        }
        // A row is first put together along the depth, then spread over the panel.
        for (int r = 0; r < ROWS; r++, at += row_step, target += WIDTH)
        {
            for (int c = 0; r < rows && c < channels; c++)
            {
                uint from = at + c * channel_step;
                global float* to = line + c * g.taps;
                // What a vector copies beyond the taps, the next channel overwrites.
                if (taps_together)
                    for (int tap = 0; tap < g.taps; tap += WIDTH) STORE_GLOBAL(load(weights, from + tap_places[0] + tap, count), to + tap);
                else
                    for (int tap = 0; tap < g.taps; tap++) to[tap] = weights[from + tap_places[tap]];
            }
            for (int d = 0; d < depth; d += WIDTH) STORE_GLOBAL(r < rows ? LOAD(line + d) : (real)(0.0f), target + d * ROWS);
        }
    }
    leave(counters);
}

// Finishes a tile and spreads its columns over the images that they belong to.
void put_pixels(const convolution* g, global float* tile, global const float* bias, global float* result, int row, int rows, int first, int columns)
{
    if (bias || g->relu) finish(tile, rows, COLUMNS, bias ? bias + row : bias, 0, g->relu);
    int grid = g->grid_height * g->grid_width, plane = g->result_height * g->result_width, image = first / grid, pixel = first % grid;
    int dense = g->result_step_y == 1 && g->result_step_x == 1;
    global float* to = result + ((size_t)image * g->groups * g->rows + row) * plane;
    for (int column = 0; column < columns; pixel = 0, to += (size_t)g->groups * g->rows * plane)
    {
        int run = min(columns - column, grid - pixel);
        if (dense)
            for (int r = 0; r < rows; r++) copy_run(tile + r * COLUMNS + column, to + (size_t)r * plane + pixel, run);
        else
            for (int i = 0; i < run; i++)
            {
                int y = (pixel + i) / g->grid_width, x = (pixel + i) % g->grid_width;
                global float* place = to + (y * g->result_step_y + g->result_first_y) * g->result_width + x * g->result_step_x + g->result_first_x;
                for (int r = 0; r < rows; r++) place[(size_t)r * plane] = tile[r * COLUMNS + column + i];
            }
        column += run;
    }
}

// weights * image matrix, over the whole batch: the forward convolution, and the gradient of its input. A task has some rows of some
// neighbouring pixels.
THREAD_KERNEL void convolution_pass(global const float* source, global const float* weights, global const float* bias, global float* result,
    global float* lanes, global const int* offsets, volatile global int* counters, const convolution g)
{
    global float* room = lanes + (size_t)get_group_id(0) * g.lane_floats;
    global float* right = room + g.right_at;
    int block_depth = g.channels_at_once * g.taps, pixels = g.batch * g.grid_height * g.grid_width;
    FOR_EACH_TASK(counters, g.tasks)
    {
        int part = task % g.row_blocks, group = task / g.row_blocks / g.windows, begin = task / g.row_blocks % g.windows * g.window;
        int first_panel = part * g.row_block, end_panel = min(g.panels, first_panel + g.row_block);
        window w = open_window(&g, room, begin, min(g.window, pixels - begin));
        int right_panels = (w.count + COLUMNS - 1) / COLUMNS;
        for (int block = 0; block < g.blocks; block++)
        {
            int channel = block * g.channels_at_once, channels = min(g.channels_at_once, g.channels - channel), depth = channels * g.taps;
            fill_planes(&g, &w, source, group * g.channels, channel, channels);
            pack_right_window(&w, offsets, depth, right);
            for (int panel = first_panel; panel < end_panel; panel++)
                for (int p = 0; p < right_panels; p++)
                {
                    global const float* left = weights + (((size_t)group * g.blocks + block) * g.panels + panel) * LEFT_PANEL(block_depth);
                    global float* tile = room + g.sums_at + (g.blocks == 1 ? 0 : (size_t)((panel - first_panel) * right_panels + p) * TILE);
                    int rows = min(ROWS, g.rows - panel * ROWS), columns = min(COLUMNS, w.count - p * COLUMNS);
                    // The first to use a panel of weights brings it from far; the panels lie one behind the other.
                    ahead soon = NOTHING_AHEAD;
                    if (p == 0) soon = (ahead){ left + AHEAD * ROWS * WIDTH, WIDTH, ROWS, ROWS * WIDTH };
                    multiply(left, right + (size_t)p * RIGHT_PANEL(depth), depth, tile, block > 0, rows, columns, soon);
                    if (block == g.blocks - 1) put_pixels(&g, tile, bias, result, group * g.rows + panel * ROWS, rows, w.first + p * COLUMNS, columns);
                }
        }
    }
    leave(counters);
}

// The output's gradient at pixels [first, first + depth) as right panels: a column for each output channel of a group.
void pack_output_diff(const convolution* g, global const float* output_diff, int group, int first, int depth, global float* right)
{
    int plane = g->grid_height * g->grid_width, image = first / plane, pixel = first % plane;
    uint count = (uint)g->batch * g->groups * g->rows * plane;
    for (int step = 0; step < depth; image++, pixel = 0)
    {
        int run = min(depth - step, plane - pixel);
        for (int p = 0; p < g->right_panels; p++)
            pack_right_columns(output_diff, count, (uint)(((image * g->groups + group) * g->rows + p * COLUMNS) * plane + pixel), plane,
                min(COLUMNS, g->rows - p * COLUMNS), run, right + (size_t)p * RIGHT_PANEL(depth) + step * COLUMNS);
        step += run;
    }
}

// sums = image matrix * output's gradient, a slice of the pixels at a time: the gradient of the weights, transposed. How many slices there are
// depends on the shape alone, so the sums do not depend on the number of threads.
THREAD_KERNEL void convolution_weight_gradient(global const float* source, global const float* output_diff, global float* sums, global float* lanes,
    global const int* offsets, volatile global int* counters, const convolution g)
{
    global float* room = lanes + (size_t)get_group_id(0) * g.lane_floats;
    global float* right = room + g.right_at;
    global float* left = room + g.left_at;
    int matrix_rows = g.channels * g.taps, pixels = g.batch * g.grid_height * g.grid_width;
    FOR_EACH_TASK(counters, g.tasks)
    {
        int part = task % g.row_blocks, slice = task / g.row_blocks % g.slices, group = task / g.row_blocks / g.slices;
        int first_panel = part * g.row_block, end_panel = min(g.panels, first_panel + g.row_block);
        int first_row = first_panel * ROWS, end_row = min(matrix_rows, end_panel * ROWS);
        int first_channel = first_row / g.taps, end_channel = (end_row - 1) / g.taps + 1;
        global float* own_sums = sums + ((size_t)slice * g.groups + group) * g.panels * g.right_panels * TILE;
        int begin = slice * g.slice_pixels, end = min(pixels, begin + g.slice_pixels);
        for (int first = begin; first < end; first += g.window)
        {
            int depth = min(g.window, end - first);
            window w = open_window(&g, room, first, depth);
            fill_planes(&g, &w, source, group * g.channels, first_channel, end_channel - first_channel);
            pack_output_diff(&g, output_diff, group, first, depth, right);
            for (int panel = first_panel; panel < end_panel; panel += g.panels_at_once)
            {
                int row = panel * ROWS, rows = min(g.panels_at_once * ROWS, end_row - row);
                pack_left_window(&w, offsets, row - first_channel * g.taps, rows, left);
                for (int q = 0; q * ROWS < rows; q++)
                    for (int p = 0; p < g.right_panels; p++)
                        multiply(left + (size_t)q * LEFT_PANEL(depth), right + (size_t)p * RIGHT_PANEL(depth), depth,
                            own_sums + (size_t)((panel + q) * g.right_panels + p) * TILE, first > begin, min(ROWS, rows - q * ROWS),
                            min(COLUMNS, g.rows - p * COLUMNS), NOTHING_AHEAD);
            }
        }
    }
    leave(counters);
}

// Adds the slices' sums, in order, and the total to the gradient.
THREAD_KERNEL void convolution_add_slices(global const float* sums, global float* weights_diff, volatile global int* counters, const convolution g)
{
    int matrix_rows = g.channels * g.taps;
    size_t slice_floats = (size_t)g.groups * g.panels * g.right_panels * TILE;
    FOR_EACH_TASK(counters, g.groups * g.panels * g.right_panels)
    {
        int p = task % g.right_panels, panel = task / g.right_panels % g.panels, group = task / g.right_panels / g.panels;
        global const float* tile = sums + (size_t)task * TILE;
        int row = panel * ROWS, rows = min(ROWS, matrix_rows - row), column = p * COLUMNS, columns = min(COLUMNS, g.rows - column);
        for (int side = 0; side < columns; side += WIDTH)
        {
            real v[WIDTH];
#pragma unroll
            for (int i = 0; i < WIDTH; i++) v[i] = (real)(0.0f);
#pragma unroll
            for (int i = 0; i < ROWS; i++)
                for (int slice = 0; slice < g.slices; slice++) v[i] += LOAD(tile + slice * slice_floats + i * COLUMNS + side);
            transpose(v);
            global float* to = weights_diff + (size_t)(group * g.rows + column + side) * matrix_rows + row;
#pragma unroll
            for (int i = 0; i < WIDTH; i++)
                if (side + i < columns) put_floats(v[i], to + (size_t)i * matrix_rows, rows, 1);
        }
    }
    leave(counters);
}
