// Local response normalisation. Across channels a work-item has WIDTH neighbouring pixels of one image and walks along the channels
// with running sums, as Caffe does: the next square comes in, the last one goes out. Within channels it has one pixel.
// The host defines POWER(s), s^-beta, as two roots for the usual beta of 0.75.

#ifdef THREE_QUARTERS
#define POWER(s, beta) (1.0f / (sqrt(s) * sqrt(sqrt(s))))
#else
#define POWER(s, beta) pow(s, (real)(-(beta)))
#endif

// Neighbouring pixels of one channel of an image; `at` is where they lie in the array. Beyond a plane's end come those of the next plane,
// whose lanes nobody stores.
#define PIXELS_OF(x, c) load(x, at + (uint)(c) * pixels, count)

// On CPUs channels are fetched some steps ahead: prefetchers of the hardware do not follow steps of a plane.
#if WIDTH > 1
#define FETCH_CHANNEL(x, c) if ((c) < channels) { FETCH(x + at + (uint)(c) * pixels); FETCH(x + at + (uint)(c) * pixels + WIDTH - 1); }
#else
#define FETCH_CHANNEL(x, c)
#endif
#define CHANNELS_AHEAD 12

// The scale of channel c, from that of the channel before.
real next_scale(real scale, global const float* x, uint at, uint count, uint pixels, int channels, int c, int size, float weight)
{
    int lead = c + (size - 1) / 2, trail = lead - size;
    if (lead < channels)
    {
        real come = PIXELS_OF(x, lead);
        scale += come * come * weight;
    }
    if (trail >= 0)
    {
        real go = PIXELS_OF(x, trail);
        scale -= go * go * weight;
    }
    return scale;
}

real first_scale(global const float* x, uint at, uint count, uint pixels, int channels, int size, float weight, float k)
{
    real scale = (real)(k);
    for (int c = 0; c <= (size - 1) / 2 && c < channels; c++)
    {
        real come = PIXELS_OF(x, c);
        scale += come * come * weight;
    }
    return scale;
}

// scales gets the scale of every element: the output may be the input, and a window still needs the inputs behind it.
ELEMENT_KERNEL void lrn_across_scales(global const float* x, global float* scales, uint items, uint items_in_image, uint pixels, int channels,
    int size, float weight, float k)
{
    uint item = get_global_id(0);
    if (item >= items) return;
    uint pixel = item % items_in_image * WIDTH, count = items / items_in_image * channels * pixels, at = item / items_in_image * channels * pixels + pixel;
    real scale = first_scale(x, at, count, pixels, channels, size, weight, k);
    for (int c = 0; c < channels; c++)
    {
        if (c > 0) scale = next_scale(scale, x, at, count, pixels, channels, c, size, weight);
        store(scale, scales + (at - pixel + c * pixels), pixel, pixels);
    }
}

ELEMENT_KERNEL void lrn_across_forward(global const float* x, global float* y, uint items, uint items_in_image, uint pixels, int channels,
    int size, float weight, float k, float beta)
{
    uint item = get_global_id(0);
    if (item >= items) return;
    uint pixel = item % items_in_image * WIDTH, count = items / items_in_image * channels * pixels, at = item / items_in_image * channels * pixels + pixel;
    real scale = first_scale(x, at, count, pixels, channels, size, weight, k);
    for (int c = 0; c < channels; c++)
    {
        if (c > 0) scale = next_scale(scale, x, at, count, pixels, channels, c, size, weight);
        FETCH_CHANNEL(x, c + CHANNELS_AHEAD)
        store(PIXELS_OF(x, c) * POWER(scale, beta), y + (at - pixel + c * pixels), pixel, pixels);
    }
}

// y = x s^-beta.
ELEMENT_KERNEL void lrn_apply(global const float* x, global const float* scales, global float* y, uint count, float beta)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at < count) store(load(x, at, count) * POWER(load(scales, at, count), beta), y, at, count);
}

// A work-item takes one item after the other. Its place in the workspace has two rows of WIDTH floats a channel: ratios dy y / s, and scaled
// dy s^-beta. Rows lie step floats apart: side by side where neighbouring work-items should read neighbouring floats, together
// where a work-item should find its own in the cache. dy and dx may be the same memory.
ELEMENT_KERNEL void lrn_across_backward(global const float* x, global const float* dy, global float* dx, global float* workspace,
    uint step, uint items, uint items_in_image, uint pixels, int channels, int size, float weight, float k, float beta, float factor)
{
    size_t worker = get_global_id(0);
    workspace += step == WIDTH ? worker * 2 * channels * WIDTH : worker * WIDTH;
    global float* scaled = workspace + (size_t)channels * step;
    int radius = (size - 1) / 2;
    uint count = items / items_in_image * channels * pixels;
    for (uint item = worker; item < items; item += get_global_size(0))
    {
        uint pixel = item % items_in_image * WIDTH, at = item / items_in_image * channels * pixels + pixel;
        real scale = first_scale(x, at, count, pixels, channels, size, weight, k);
        for (int c = 0; c < channels; c++)
        {
            if (c > 0) scale = next_scale(scale, x, at, count, pixels, channels, c, size, weight);
            size_t own = (size_t)c * step;
            FETCH_CHANNEL(x, c + CHANNELS_AHEAD)
            FETCH_CHANNEL(dy, c + CHANNELS_AHEAD)
            // dx may be the same memory, in which others write what lies behind the plane's end.
            real product = load(dy + (at - pixel + c * pixels), pixel, pixels) * POWER(scale, beta);
            STORE_GLOBAL(product, scaled + own);
            STORE_GLOBAL(product * PIXELS_OF(x, c) / scale, workspace + own);
        }
        real sum = (real)(0.0f);
        for (int c = 0; c < radius && c < channels; c++) sum += LOAD(workspace + (size_t)c * step);
        for (int c = 0; c < channels; c++)
        {
            int lead = c + radius, trail = c - radius;
            if (lead < channels) sum += LOAD(workspace + (size_t)lead * step);
            store(LOAD(scaled + (size_t)c * step) - PIXELS_OF(x, c) * sum * factor, dx + (at - pixel + c * pixels), pixel, pixels);
            if (trail >= 0) sum -= LOAD(workspace + (size_t)trail * step);
        }
    }
}

// The sum over a size x size window around a pixel, of squares or of the values themselves.
float window_sum(global const float* plane, int y, int x, int height, int width, int size, bool squares)
{
    int radius = (size - 1) / 2;
    float sum = 0.0f;
    for (int iy = max(y - radius, 0); iy <= min(y + radius, height - 1); iy++)
        for (int ix = max(x - radius, 0); ix <= min(x + radius, width - 1); ix++)
        {
            float value = plane[iy * width + ix];
            sum += squares ? value * value : value;
        }
    return sum;
}

#if WIDTH == 1
ELEMENT_KERNEL void lrn_within_scales(global const float* x, global float* scales, uint count, int height, int width, int size, float alpha)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    uint row = i / width;
    float sum = window_sum(x + (size_t)(row / height) * height * width, row % height, i % width, height, width, size, true);
    scales[i] = 1.0f + sum / ((float)size * size) * alpha;
}

// scaled dy s^-beta in place of the scales, and behind them the ratios dy y / s.
ELEMENT_KERNEL void lrn_within_ratios(global const float* x, global const float* dy, global float* scales, uint count, float beta)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    float scale = scales[i], product = dy[i] * POWER(scale, beta);
    scales[count + i] = product * x[i] / scale;
    scales[i] = product;
}

ELEMENT_KERNEL void lrn_within_backward(global const float* x, global const float* scaled, global float* dx, uint count,
    int height, int width, int size, float factor)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    uint row = i / width;
    float sum = window_sum(scaled + count + (size_t)(row / height) * height * width, row % height, i % width, height, width, size, false);
    dx[i] = scaled[i] - factor * x[i] * sum;
}
#endif
