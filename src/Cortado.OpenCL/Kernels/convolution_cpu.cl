// Convolutions on CPU devices, as products with the image matrix: a column for each position of a grid over all images of the batch (a
// pixel), a row for each channel and tap of the kernel. The matrix never lies in memory as a whole: a task makes the columns that it needs
// from padded copies of the planes that they see, in its thread's own room.
#include "panels_cpu.cl"

// Floats before and behind the planes that a vector may touch without using them.
#define SLACK 32

// How far ahead weights are fetched, in WIDTH steps of a panel.
#define AHEAD 8
// How far ahead the source is fetched, in channels.
#ifndef PLANES_AHEAD
#define PLANES_AHEAD 4
#endif

typedef struct
{
    // The image matrix of one group. Row (channel, tap), column (image, y, x) holds source[image, channel, y * step_y + origin_y + tap's y,
    // x * step_x + origin_x + tap's x]; taps lie 0 to reach_y, 0 to reach_x away from the origin.
    int batch, channels, source_height, source_width, image_stride, source_count;
    int grid_height, grid_width, step_y, step_x, origin_y, origin_x, reach_y, reach_x, taps;
    // A row of a padded plane is stored split by position modulo step_x, so that a tap's pixels are neighbours: step_x runs of sub_width floats.
    // Neighbouring rows share the padding between them; right_pad floats follow the last of an image.
    int sub_width, row_pitch, right_pad, plane_pitch, channels_at_once;
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
    int left = count, lane = 0, vector = 0, runs = 0, begin = 0;
    while (left > 0)
    {
        int pixels = min(left, grid - pixel), first_row = pixel / g->grid_width, last_row = (pixel + pixels - 1) / g->grid_width;
        for (int y = first_row; y <= last_row; y++)
        {
            int x = y == first_row ? pixel - first_row * g->grid_width : 0;
            int end = y == last_row ? pixel + pixels - last_row * g->grid_width : g->grid_width;
            int offset = begin + (y - first_row) * g->step_y * g->row_pitch - w.first_column;
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
        begin += ((last_row - first_row) * g->step_y + g->reach_y + 1) * g->row_pitch + g->right_pad;
        left -= pixels;
        pixel = 0;
    }
    return w;
}

void clear_floats(global float* target, int count)
{
    for (int i = 0; i < count; i += WIDTH) STORE_GLOBAL((real)(0.0f), target + i);
}

// Padded rows of neighbours, for step_x == 1. `from` is where the window's first position would lie in the image's first row, at source
// column x; only those of the first row_floats in the image are copied. What a row's last vector writes behind it, the next row overwrites.
// `soon` floats on lie rows that are wanted next.
void copy_rows(global const float* from, int pitch, int rows, int x, int source_width, int row_floats, global float* to, int row_pitch, int soon)
{
    mask lanes0 = IOTA + x >= 0 & IOTA + x < source_width & IOTA < row_floats;
    real zero = (real)(0.0f);
    if (row_floats <= WIDTH)
    {
        for (int i = 0; i < rows; i++, from += pitch, to += row_pitch)
        {
            FETCH(from + soon);
            STORE_GLOBAL(select(zero, LOAD(from), lanes0), to);
        }
        return;
    }
    mask second = IOTA + WIDTH, lanes1 = second + x >= 0 & second + x < source_width & second < row_floats;
    for (int i = 0; i < rows; i++, from += pitch, to += row_pitch)
    {
        FETCH(from + soon);
        FETCH(from + soon + WIDTH);
        STORE_GLOBAL(select(zero, LOAD(from), lanes0), to);
        STORE_GLOBAL(select(zero, LOAD(from + WIDTH), lanes1), to + WIDTH);
        for (int k = 2 * WIDTH; k < row_floats; k += WIDTH)
        {
            mask place = IOTA + k, lanes = place + x >= 0 & place + x < source_width & place < row_floats;
            STORE_GLOBAL(select(zero, LOAD(from + k), lanes), to + k);
        }
    }
}

// The same float by float: for rows near the ends of the source's memory, beyond which a whole vector would reach.
void copy_rows_plainly(global const float* source, int at, int pitch, int rows, int x, int source_width, int row_floats, global float* to, int row_pitch)
{
    for (int i = 0; i < rows; i++, at += pitch, to += row_pitch)
        for (int k = 0; k < row_floats; k++) to[k] = x + k >= 0 && x + k < source_width ? source[at + k] : 0.0f;
}

// A padded row of every step_x-th position, of every step_x-th of those one behind, ...; at is where source column 0 lies.
void split_row(const convolution* g, const window* w, global const float* source, int at, global float* target)
{
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
    int grid = g->grid_height * g->grid_width, plane = g->source_height * g->source_width, row_pitch = g->row_pitch, tail = g->right_pad;
    int x = g->origin_x + w->first_column, reach = (w->row_floats + WIDTH - 1) / WIDTH * WIDTH;
    for (int c = 0; c < count; c++)
    {
        global float* target = w->planes + (size_t)c * g->plane_pitch;
        int image = w->first / grid, pixel = w->first % grid, left = w->count;
        for (; left > 0; image++, pixel = 0)
        {
            int pixels = min(left, grid - pixel), first_row = pixel / g->grid_width, last_row = (pixel + pixels - 1) / g->grid_width;
            int rows = (last_row - first_row) * g->step_y + g->reach_y + 1, y = first_row * g->step_y + g->origin_y;
            int above = min(rows, max(0, -y)), inside = max(0, min(rows, g->source_height - y) - above), below = rows - above - inside;
            int at = image * g->image_stride + (group_channel + channel + c) * plane + (y + above) * g->source_width;
            clear_floats(target, above * row_pitch);
            target += above * row_pitch;
            if (inside > 0)
            {
                if (g->step_x > 1)
                    for (int i = 0; i < inside; i++) split_row(g, w, source, at + i * g->source_width, target + i * row_pitch);
                else if (at + x >= 0 && at + x + (inside - 1) * g->source_width + reach <= g->source_count)
                    copy_rows(source + at + x, g->source_width, inside, x, g->source_width, w->row_floats, target, row_pitch, PLANES_AHEAD * plane);
                else
                    copy_rows_plainly(source, at + x, g->source_width, inside, x, g->source_width, w->row_floats, target, row_pitch);
            }
            target += inside * row_pitch;
            // The padding on the right of a row is that on the left of the next: the last one's needs zeros of its own.
            clear_floats(target, below * row_pitch + tail);
            target += below * row_pitch + tail;
            left -= pixels;
        }
    }
}

// Writes the vectors of `rows` rows of the matrix that some runs make up, a pitch apart. Each run brings its lanes and overwrites those behind it.
void gather(global const float* planes, global const int* runs, global const int* offsets, int rows, global float* to, int pitch)
{
    int count = runs[0];
    global const float* from0 = planes + runs[2];
    if (count == 1)
    {
        for (int r = 0; r < rows; r++, to += pitch) STORE_GLOBAL(LOAD(from0 + offsets[r]), to);
        return;
    }
    global const float* from1 = planes + runs[4];
    mask lanes1 = IOTA >= runs[5];
    if (count == 2)
    {
        for (int r = 0; r < rows; r++, to += pitch) STORE_GLOBAL(select(LOAD(from0 + offsets[r]), LOAD(from1 + offsets[r]), lanes1), to);
        return;
    }
    global const float* from2 = planes + runs[6];
    mask lanes2 = IOTA >= runs[7];
    if (count == 3)
    {
        for (int r = 0; r < rows; r++, to += pitch)
            STORE_GLOBAL(select(select(LOAD(from0 + offsets[r]), LOAD(from1 + offsets[r]), lanes1), LOAD(from2 + offsets[r]), lanes2), to);
        return;
    }
    global const float* from3 = planes + runs[8];
    mask lanes3 = IOTA >= runs[9];
    if (count == 4)
    {
        for (int r = 0; r < rows; r++, to += pitch)
            STORE_GLOBAL(select(select(select(LOAD(from0 + offsets[r]), LOAD(from1 + offsets[r]), lanes1), LOAD(from2 + offsets[r]), lanes2),
                LOAD(from3 + offsets[r]), lanes3), to);
        return;
    }
    for (int r = 0; r < rows; r++, to += pitch)
    {
        real value = select(select(select(LOAD(from0 + offsets[r]), LOAD(from1 + offsets[r]), lanes1), LOAD(from2 + offsets[r]), lanes2),
            LOAD(from3 + offsets[r]), lanes3);
        for (int k = 4; k < count; k++) value = select(value, LOAD(planes + runs[2 * k + 2] + offsets[r]), IOTA >= runs[2 * k + 3]);
        STORE_GLOBAL(value, to);
    }
}

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
