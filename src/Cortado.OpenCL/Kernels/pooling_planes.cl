// Pooling on CPU devices: a work-item has a whole plane, so backward may scatter: nobody else writes there. Forward takes the rows of a
// window together for WIDTH columns at a time, then the columns, at stride 1, and keeps every STRIDE_WIDTH-th.
// The host defines the geometry: IN_ and OUT_, KERNEL_, STRIDE_ and PAD_, each HEIGHT and WIDTH. WIDTH is more than 1, LANES is 1.

typedef JOIN(int, WIDTH) whole;
#define LOAD_WHOLE(p) JOIN(vload, WIDTH)(0, p)
#define STORE_WHOLE(value, p) JOIN(vstore, WIDTH)(value, 0, p)

// Places in memory where whole vectors may be read: the planes lie one behind the other, and beyond a row's end comes what is masked.
#define WHOLE_VECTORS(row, column) (plane * INPUTS + (size_t)(row) * IN_WIDTH + (column) + WIDTH <= get_global_size(0) * (size_t)INPUTS)

// Writes every STRIDE_WIDTH-th float of a vector: outputs of row oy from the window that begins at column `start` on. Where the row ends
// within the plane, what is too much is overwritten by the next row.
#define PUT_OUTPUTS(value, each, to) \
    if (STRIDE_WIDTH == 1 && oy * OUT_WIDTH + start + WIDTH <= OUTPUTS) JOIN(vstore, WIDTH)(value, 0, (to) + oy * OUT_WIDTH + start); \
    else if (STRIDE_WIDTH == 2 && oy * OUT_WIDTH + start / 2 + WIDTH / 2 <= OUTPUTS) JOIN(vstore, HALF_WIDTH)((value).even, 0, (to) + oy * OUT_WIDTH + start / 2); \
    else \
    { \
        JOIN(vstore, WIDTH)(value, 0, each); \
        int ox = (start + STRIDE_WIDTH - 1) / STRIDE_WIDTH; \
        for (int k = ox * STRIDE_WIDTH - start; k < WIDTH && ox < OUT_WIDTH; k += STRIDE_WIDTH, ox++) (to)[oy * OUT_WIDTH + ox] = (each)[k]; \
    }

#if WIDTH == 16
#define HALF_WIDTH 8
#elif WIDTH == 8
#define HALF_WIDTH 4
#else
#define HALF_WIDTH 2
#endif

// A row of an image between columns that change nothing, wide enough for the windows of its last vector.
#define ROW (PAD_WIDTH + IN_WIDTH + KERNEL_WIDTH + STRIDE_WIDTH * OUT_WIDTH + 2 * WIDTH)
#define STARTS ((OUT_WIDTH - 1) * STRIDE_WIDTH + 1)
#define OUTPUTS (OUT_HEIGHT * OUT_WIDTH)
#define INPUTS (IN_HEIGHT * IN_WIDTH)

LANE_KERNEL void max_pooling_planes(global const float* x, global float* y, global int* argmax, global float* mask)
{
    float values[ROW], best_of[WIDTH];
    int indices[ROW], index_of[WIDTH];
    size_t plane = get_global_id(0);
    x += plane * INPUTS;
    y += plane * OUTPUTS;
    argmax += plane * OUTPUTS;
    for (int k = 0; k < WIDTH; k++) index_of[k] = k;
    whole lane_numbers = LOAD_WHOLE(index_of);
    for (int i = 0; i < ROW; i++)
    {
        values[i] = -FLT_MAX;
        indices[i] = -1;
    }
    for (int oy = 0; oy < OUT_HEIGHT; oy++)
    {
        int top = max(oy * STRIDE_HEIGHT - PAD_HEIGHT, 0), bottom = min(oy * STRIDE_HEIGHT - PAD_HEIGHT + KERNEL_HEIGHT, IN_HEIGHT);
        int ix = 0;
        for (; ix < IN_WIDTH && WHOLE_VECTORS(bottom - 1, ix); ix += WIDTH)
        {
            // Only what is greater wins: never NaN.
            real best = (real)(-FLT_MAX);
            whole index = (whole)(-1);
            for (int iy = top; iy < bottom; iy++)
            {
                real value = LOAD(x + iy * IN_WIDTH + ix);
                whole greater = value > best;
                best = greater ? value : best;
                index = greater ? lane_numbers + (iy * IN_WIDTH + ix) : index;
            }
            whole inside = lane_numbers < IN_WIDTH - ix;
            STORE(inside ? best : (real)(-FLT_MAX), values + PAD_WIDTH + ix);
            STORE_WHOLE(inside ? index : (whole)(-1), indices + PAD_WIDTH + ix);
        }
        for (; ix < IN_WIDTH; ix++)
        {
            float best = -FLT_MAX;
            int index = -1;
            for (int iy = top; iy < bottom; iy++)
            {
                float value = x[iy * IN_WIDTH + ix];
                bool greater = value > best;
                best = greater ? value : best;
                index = greater ? iy * IN_WIDTH + ix : index;
            }
            values[PAD_WIDTH + ix] = best;
            indices[PAD_WIDTH + ix] = index;
        }
        for (int start = 0; start < STARTS; start += WIDTH)
        {
            real best = (real)(-FLT_MAX);
            whole index = (whole)(-1);
            for (int kx = 0; kx < KERNEL_WIDTH; kx++)
            {
                real value = LOAD(values + start + kx);
                whole other = LOAD_WHOLE(indices + start + kx);
                // Of equals the first in row-major order.
                whole wins = (value > best) | ((value == best) & (other < index));
                best = wins ? value : best;
                index = wins ? other : index;
            }
            PUT_OUTPUTS(best, best_of, y)
            PUT_OUTPUTS(index, index_of, argmax)
        }
    }
    if (!mask) return;
    mask += plane * OUTPUTS;
    for (int i = 0; i < OUTPUTS; i++) mask[i] = argmax[i];
}

LANE_KERNEL void max_pooling_planes_backward(global const float* dy, global const int* argmax, global float* dx)
{
    size_t plane = get_global_id(0);
    dy += plane * OUTPUTS;
    argmax += plane * OUTPUTS;
    dx += plane * INPUTS;
    for (int i = 0; i < INPUTS; i++) dx[i] = 0.0f;
    for (int i = 0; i < OUTPUTS; i++)
        if (argmax[i] >= 0) dx[argmax[i]] += dy[i];
}

// What a window's divisor counts: padding, too, up to the pad beyond the image.
int extent(int start, int size, int limit) { return min(start + size, limit) - start; }

LANE_KERNEL void average_pooling_planes(global const float* x, global float* y)
{
    float values[ROW], sum_of[WIDTH];
    int numbers[WIDTH];
    for (int k = 0; k < WIDTH; k++) numbers[k] = k;
    whole lane_numbers = LOAD_WHOLE(numbers);
    size_t plane = get_global_id(0);
    x += plane * INPUTS;
    y += plane * OUTPUTS;
    for (int i = 0; i < ROW; i++) values[i] = 0.0f;
    for (int oy = 0; oy < OUT_HEIGHT; oy++)
    {
        int start_row = oy * STRIDE_HEIGHT - PAD_HEIGHT, top = max(start_row, 0), bottom = min(start_row + KERNEL_HEIGHT, IN_HEIGHT);
        int rows = extent(start_row, KERNEL_HEIGHT, IN_HEIGHT + PAD_HEIGHT);
        int ix = 0;
        for (; ix < IN_WIDTH && WHOLE_VECTORS(bottom - 1, ix); ix += WIDTH)
        {
            real sum = (real)(0.0f);
            for (int iy = top; iy < bottom; iy++) sum += LOAD(x + iy * IN_WIDTH + ix);
            STORE(lane_numbers < IN_WIDTH - ix ? sum : (real)(0.0f), values + PAD_WIDTH + ix);
        }
        for (; ix < IN_WIDTH; ix++)
        {
            float sum = 0.0f;
            for (int iy = top; iy < bottom; iy++) sum += x[iy * IN_WIDTH + ix];
            values[PAD_WIDTH + ix] = sum;
        }
        for (int start = 0; start < STARTS; start += WIDTH)
        {
            real sum = (real)(0.0f);
            for (int kx = 0; kx < KERNEL_WIDTH; kx++) sum += LOAD(values + start + kx);
            STORE(sum, sum_of);
            int ox = (start + STRIDE_WIDTH - 1) / STRIDE_WIDTH;
            for (int k = ox * STRIDE_WIDTH - start; k < WIDTH && ox < OUT_WIDTH; k += STRIDE_WIDTH, ox++)
                y[oy * OUT_WIDTH + ox] = sum_of[k] / (rows * extent(ox * STRIDE_WIDTH - PAD_WIDTH, KERNEL_WIDTH, IN_WIDTH + PAD_WIDTH));
        }
    }
}

LANE_KERNEL void average_pooling_planes_backward(global const float* dy, global float* dx)
{
    size_t plane = get_global_id(0);
    dy += plane * OUTPUTS;
    dx += plane * INPUTS;
    for (int i = 0; i < INPUTS; i++) dx[i] = 0.0f;
    for (int oy = 0; oy < OUT_HEIGHT; oy++)
    {
        int top = oy * STRIDE_HEIGHT - PAD_HEIGHT, bottom = min(top + KERNEL_HEIGHT, IN_HEIGHT);
        int rows = extent(top, KERNEL_HEIGHT, IN_HEIGHT + PAD_HEIGHT);
        for (int ox = 0; ox < OUT_WIDTH; ox++)
        {
            int left = ox * STRIDE_WIDTH - PAD_WIDTH, right = min(left + KERNEL_WIDTH, IN_WIDTH);
            float share = dy[oy * OUT_WIDTH + ox] / (rows * extent(left, KERNEL_WIDTH, IN_WIDTH + PAD_WIDTH));
            for (int iy = max(top, 0); iy < bottom; iy++)
                for (int ix = max(left, 0); ix < right; ix++) dx[iy * IN_WIDTH + ix] += share;
        }
    }
}
