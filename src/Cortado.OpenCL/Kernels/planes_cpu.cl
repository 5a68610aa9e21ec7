// Neighbouring columns of the image matrix of a convolution on CPU devices: padded copies of the planes that they see, in a thread's own
// room, and how vectors of columns are put together from those.
#include "panels_cpu.cl"

// Floats before and behind the planes that a vector may touch without using them.
#define SLACK 32

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
    // Winograd's tiles: where each lies in the result, and room for the matrix rows of a channel.
    int places_at, rows_at;
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
