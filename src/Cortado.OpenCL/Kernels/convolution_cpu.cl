// Convolutions on CPU devices, as products with the image matrix: a column for each position of a grid over all images of the batch (a
// pixel), a row for each channel and tap of the kernel. The matrix never lies in memory as a whole: a task makes the columns that it needs
// from padded copies of the planes that they see, in its thread's own room.
#include "panels_cpu.cl"

// Floats before and behind the planes that a vector may touch without using them.
#define SLACK 32

typedef struct
{
    // The image matrix of one group. Row (channel, tap), column (image, y, x) holds source[image, channel, y * step_y + origin_y + tap's y,
    // x * step_x + origin_x + tap's x]; taps lie 0 to reach_y, 0 to reach_x away from the origin.
    int batch, channels, source_height, source_width, image_stride, source_count;
    int grid_height, grid_width, step_y, step_x, origin_y, origin_x, reach_y, reach_x, taps;
    // A row of a padded plane is stored split by position modulo step_x, so that a tap's pixels are neighbours: step_x runs of sub_width floats.
    int sub_width, row_pitch, plane_pitch, channels_at_once;
    // The product.
    int groups, rows, panels, blocks, window, windows, row_block, row_blocks, tasks;
    int result_height, result_width, result_step_y, result_step_x, result_first_y, result_first_x;
    // The gradient of the weights: right panels of output channels, slices of pixels, left panels packed at once.
    int right_panels, slices, slice_pixels, panels_at_once;
    // A thread's room: where the parts lie in it, in floats.
    int lane_floats, runs_at, right_at, left_at, sums_at;
    int relu;
} convolution;

// Some neighbouring columns of the matrix in a thread's room: padded planes, and for each vector of columns the runs in those
// planes that make it up. A run is where its vector begins in a plane and its first lane.
typedef struct
{
    global float* planes;
    global int* runs;
    int first, count, first_column, row_floats;
} window;

window open_window(const convolution* g, global float* room, int first, int count)
{
    window w;
    w.planes = room + SLACK;
    w.runs = (global int*)(room + g->runs_at);
    w.first = first;
    w.count = count;
    int grid = g->grid_height * g->grid_width, pixel = first % grid;
    // Columns of one grid row need not bring the row's others.
    int one_row = pixel % g->grid_width + count <= g->grid_width;
    w.first_column = one_row ? pixel % g->grid_width : 0;
    w.row_floats = (one_row ? count : g->grid_width) + g->reach_x;
    int left = count, lane = 0, vector = 0, runs = 0, plane_row = 0;
    while (left > 0)
    {
        int pixels = min(left, grid - pixel), first_row = pixel / g->grid_width, last_row = (pixel + pixels - 1) / g->grid_width;
        for (int y = first_row; y <= last_row; y++)
        {
            int x = y == first_row ? pixel - first_row * g->grid_width : 0;
            int end = y == last_row ? pixel + pixels - last_row * g->grid_width : g->grid_width;
            int offset = (plane_row + (y - first_row) * g->step_y) * g->row_pitch - w.first_column;
            while (x < end)
            {
                int lanes = min(end - x, WIDTH - lane);
                global int* run = w.runs + vector * (2 * WIDTH + 2) + 2 + 2 * runs++;
                run[0] = offset + x - lane;
                run[1] = lane;
                x += lanes;
                lane += lanes;
                w.runs[vector * (2 * WIDTH + 2)] = runs;
                if (lane < WIDTH) continue;
                vector++;
                lane = runs = 0;
            }
        }
        plane_row += (last_row - first_row) * g->step_y + g->reach_y + 1;
        left -= pixels;
        pixel = 0;
    }
    return w;
}

void clear_floats(global float* target, int count)
{
    for (int i = 0; i < count; i += WIDTH) STORE((real)(0.0f), target + i);
}

// A padded row from source[at + x], x from the window's first: zeros beside the image.
void copy_row(const convolution* g, const window* w, global const float* source, int at, global float* target)
{
    if (g->step_x == 1)
    {
        int x = g->origin_x + w->first_column;
        for (int i = 0; i < w->row_floats; i += WIDTH, x += WIDTH)
        {
            if (at + x < 0 || at + x + WIDTH > g->source_count)
            {
                // A whole vector would reach beyond the source's memory.
                for (int k = 0; k < WIDTH; k++) target[i + k] = x + k >= 0 && x + k < g->source_width ? source[at + x + k] : 0.0f;
                continue;
            }
            mask place = IOTA + x;
            STORE(select((real)(0.0f), LOAD(source + at + x), place >= 0 & place < g->source_width & IOTA + i < w->row_floats), target + i);
        }
        return;
    }
    int first = g->origin_x + w->first_column * g->step_x;
    for (int phase = 0; phase < g->step_x; phase++, target += g->sub_width)
    {
        // From where on, and up to where, the positions lie in the image.
        int x = first + phase, begin = x < 0 ? (-x + g->step_x - 1) / g->step_x : 0;
        int end = x < g->source_width ? (g->source_width - x + g->step_x - 1) / g->step_x : 0;
        begin = min(begin, g->sub_width);
        end = max(begin, min(end, g->sub_width));
        int i = 0;
        for (; i < begin; i++) target[i] = 0.0f;
        for (; i < end; i++) target[i] = source[at + x + i * g->step_x];
        for (; i < g->sub_width; i++) target[i] = 0.0f;
    }
}

// Copies channels [channel, channel + count) of a group, whose first is `group_channel`, into the window's padded planes.
void fill_planes(const convolution* g, const window* w, global const float* source, int group_channel, int channel, int count)
{
    int grid = g->grid_height * g->grid_width, plane = g->source_height * g->source_width;
    for (int c = 0; c < count; c++)
    {
        global float* target = w->planes + (size_t)c * g->plane_pitch;
        int image = w->first / grid, pixel = w->first % grid, left = w->count;
        for (; left > 0; image++, pixel = 0)
        {
            int pixels = min(left, grid - pixel), first_row = pixel / g->grid_width, last_row = (pixel + pixels - 1) / g->grid_width;
            int rows = (last_row - first_row) * g->step_y + g->reach_y + 1, y = first_row * g->step_y + g->origin_y;
            int at = image * g->image_stride + (group_channel + channel + c) * plane + y * g->source_width;
            for (int i = 0; i < rows; i++, y++, at += g->source_width, target += g->row_pitch)
                if (y >= 0 && y < g->source_height) copy_row(g, w, source, at, target);
                else clear_floats(target, g->row_pitch);
            left -= pixels;
        }
    }
}

// One vector of the matrix: the runs of a row. Each run brings its lanes and overwrites those behind.
real gather(global const float* from, global const int* runs, int count)
{
    real value = LOAD(from + runs[0]);
    for (int r = 1; r < count; r++) value = select(value, LOAD(from + runs[2 * r]), IOTA >= runs[2 * r + 1]);
    return value;
}

// Matrix rows [0, rows), counted from the first channel in the planes, as right panels.
void pack_right_window(const window* w, global const int* offsets, int rows, global float* target)
{
    for (int v = 0; v * WIDTH < w->count; v++)
    {
        global const int* runs = w->runs + v * (2 * WIDTH + 2);
        global float* to = target + (size_t)(v / 2) * RIGHT_PANEL(rows) + v % 2 * WIDTH;
        int count = runs[0];
        runs += 2;
        if (count == 1)
        {
            global const float* from = w->planes + runs[0];
            for (int r = 0; r < rows; r++, to += COLUMNS) STORE(LOAD(from + offsets[r]), to);
        }
        else if (count == 2)
        {
            global const float* from = w->planes + runs[0];
            global const float* from1 = w->planes + runs[2];
            mask later = IOTA >= runs[3];
            for (int r = 0; r < rows; r++, to += COLUMNS) STORE(select(LOAD(from + offsets[r]), LOAD(from1 + offsets[r]), later), to);
        }
        else if (count == 3)
        {
            global const float* from = w->planes + runs[0];
            global const float* from1 = w->planes + runs[2];
            global const float* from2 = w->planes + runs[4];
            mask later = IOTA >= runs[3], last = IOTA >= runs[5];
            for (int r = 0; r < rows; r++, to += COLUMNS)
                STORE(select(select(LOAD(from + offsets[r]), LOAD(from1 + offsets[r]), later), LOAD(from2 + offsets[r]), last), to);
        }
        else
            for (int r = 0; r < rows; r++, to += COLUMNS) STORE(gather(w->planes + offsets[r], runs, count), to);
    }
}

// Matrix rows [row, row + rows) as left panels, whose depth is the window's pixels.
void pack_left_window(const window* w, global const int* offsets, int row, int rows, global float* target)
{
    int panel = LEFT_PANEL(w->count);
    for (int v = 0; v * WIDTH < w->count; v++)
    {
        global const int* runs = w->runs + v * (2 * WIDTH + 2);
        int count = runs[0];
        runs += 2;
        for (int first = 0; first < rows; first += ROWS)
        {
            global float* to = target + (size_t)(first / ROWS) * panel + v * ROWS * WIDTH;
            global const int* offset = offsets + row + first;
            int here = min(ROWS, rows - first);
            for (int r = 0; r < here; r++) STORE(gather(w->planes + offset[r], runs, count), to + r * WIDTH);
            for (int r = here; r < ROWS; r++) STORE((real)(0.0f), to + r * WIDTH);
        }
    }
}

// weights(group, row, channel, tap), wherever they lie, as left panels: block by block of channels.
THREAD_KERNEL void convolution_pack_weights(global const float* weights, global const int* tap_places, global float* panels, volatile global int* counters,
    const convolution g, int group_step, int row_step, int channel_step)
{
    int block_depth = g.channels_at_once * g.taps;
    FOR_EACH_TASK(counters, g.groups * g.blocks * g.panels)
    {
        int panel = task % g.panels, block = task / g.panels % g.blocks, group = task / g.panels / g.blocks;
        int first = block * g.channels_at_once, channels = min(g.channels_at_once, g.channels - first), rows = min(ROWS, g.rows - panel * ROWS);
        global float* target = panels + (size_t)task * LEFT_PANEL(block_depth);
        global const float* source = weights + (size_t)group * group_step + (size_t)panel * ROWS * row_step + (size_t)first * channel_step;
        int depth = channels * g.taps;
        for (int r = 0; r < ROWS; r++, source += row_step, target += WIDTH)
        {
            int channel = 0, tap = 0;
            for (int d = 0; d < depth; d++)
            {
                target[d / WIDTH * WIDTH * ROWS + d % WIDTH] = r < rows ? source[(size_t)channel * channel_step + tap_places[tap]] : 0.0f;
                if (++tap < g.taps) continue;
                tap = 0;
                channel++;
            }
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
            {
                global const float* left = weights + (((size_t)group * g.blocks + block) * g.panels + panel) * LEFT_PANEL(block_depth);
                for (int p = 0; p < right_panels; p++)
                {
                    global float* tile = room + g.sums_at + (g.blocks == 1 ? 0 : (size_t)((panel - first_panel) * right_panels + p) * TILE);
                    multiply(left, right + (size_t)p * RIGHT_PANEL(depth), depth, tile, block > 0);
                    if (block == g.blocks - 1)
                        put_pixels(&g, tile, bias, result, group * g.rows + panel * ROWS, min(ROWS, g.rows - panel * ROWS), w.first + p * COLUMNS,
                            min(COLUMNS, w.count - p * COLUMNS));
                }
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
                            own_sums + (size_t)((panel + q) * g.right_panels + p) * TILE, first > begin);
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
                if (side + i < columns) store(load(to + (size_t)i * matrix_rows, 0, rows) + v[i], to + (size_t)i * matrix_rows, 0, rows);
        }
    }
    leave(counters);
}
