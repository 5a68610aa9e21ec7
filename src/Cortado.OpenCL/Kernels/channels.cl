// Sums over each channel of a (batch, channels, inner) array, and what is computed with one number a channel. A work-group sums a channel;
// an elementwise kernel has one element a work-item.

// The term of a sum, of floats or of vectors: what the host defines.
#if defined(SUM_PRODUCT)
#define TERM(x, y, mean) ((x) * (y))
#elif defined(SUM_SQUARED_DEVIATION)
#define TERM(x, y, mean) (((x) - (mean)) * ((x) - (mean)))
#elif defined(SUM_NEGATIVE_PRODUCT) // x where it is at most 0, times y
#define TERM(x, y, mean) ((y) * (x) * (1.0f - step(0.0f, x)))
#else
#define TERM(x, y, mean) (x)
#endif

// Every lane gets the sum over the group's channel.
float channel_sum(global const float* x, global const float* y, float mean, int batch, int channels, int inner, local float* scratch)
{
    int lane = get_local_id(0), channel = get_group_id(0);
    float sum = 0.0f, lost = 0.0f;
    if (inner >= LANES * WIDTH)
    {
        int whole = inner - inner % WIDTH;
        for (int n = 0; n < batch; n++)
        {
            size_t row = ((size_t)n * channels + channel) * inner;
            real parts = (real)(0.0f);
            for (int i = lane * WIDTH; i < whole; i += LANES * WIDTH) parts += TERM(LOAD(x + row + i), LOAD(y + row + i), mean);
            float part = across(parts);
            for (int i = whole + lane; i < inner; i += LANES) part += TERM(x[row + i], y[row + i], mean);
            add(part, &sum, &lost);
        }
    }
    else
    {
        // Rows are shorter than the work-group: it takes several at a time.
        for (int i = lane; i < batch * inner; i += LANES)
        {
            size_t at = ((size_t)(i / inner) * channels + channel) * inner + i % inner;
            add(TERM(x[at], y[at], mean), &sum, &lost);
        }
    }
    return over_lanes(sum, scratch);
}

// sums[channel] = factor * sum, added to what is there where accumulate is not 0. y may be missing where the term has none: then it is x.
LANE_KERNEL void channel_sums(global const float* x, global const float* y, global float* sums, int batch, int channels, int inner, float factor,
    int accumulate)
{
    local float scratch[LANES];
    float sum = channel_sum(x, y, 0.0f, batch, channels, inner, scratch);
    if (get_local_id(0) == 0)
    {
        int c = get_group_id(0);
        sums[c] = accumulate ? sums[c] + sum * factor : sum * factor;
    }
}

// total[0] += the sum of the values, in their order: a slope that all channels share.
SINGLE_KERNEL void sum_channels(global const float* values, int count, global float* total)
{
    float sum = 0.0f, lost = 0.0f;
    for (int i = 0; i < count; i++) add(values[i], &sum, &lost);
    total[0] += sum;
}

// Batch statistics, second pass: the variance around means[channel], and what the running statistics become.
// One more batch has been counted before: running_factor is kept by channel 0.
LANE_KERNEL void batch_norm_statistics(global const float* x, global const float* means, global float* running_mean, global float* running_variance,
    global float* running_factor, global float* deviation, int batch, int channels, int inner, float epsilon, float kept)
{
    local float scratch[LANES];
    int c = get_group_id(0);
    float mean = means[c], values = (float)batch * inner;
    float variance = channel_sum(x, x, mean, batch, channels, inner, scratch) / values;
    if (get_local_id(0) != 0) return;
    float unbiased = values > 1.0f ? values / (values - 1.0f) : 1.0f;
    running_mean[c] = mean + kept * running_mean[c];
    running_variance[c] = unbiased * variance + kept * running_variance[c];
    deviation[c] = sqrt(variance + epsilon);
    if (c == 0) running_factor[0] = running_factor[0] * kept + 1.0f;
}

ELEMENT_KERNEL void batch_norm_running(global const float* running_mean, global const float* running_variance, global const float* running_factor,
    global float* means, global float* deviation, int channels, float epsilon)
{
    int c = get_global_id(0);
    if (c >= channels) return;
    float scale = running_factor[0] == 0.0f ? 0.0f : 1.0f / running_factor[0];
    means[c] = running_mean[c] * scale;
    deviation[c] = sqrt(running_variance[c] * scale + epsilon);
}

// y = (x - mean) / deviation, once more into copy where it is wanted. x and y may be the same memory.
ELEMENT_KERNEL void normalize_channels(global const float* x, global const float* means, global const float* deviation, global float* y, global float* copy,
    uint count, int channels, uint inner)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int c = i / inner % channels;
    float value = (x[i] - means[c]) / deviation[c];
    y[i] = value;
    if (copy) copy[i] = value;
}

// dx = (dy - mean(dy) - mean(dy y) y) / deviation; without y only the division. dy and dx may be the same memory.
ELEMENT_KERNEL void normalize_channels_backward(global const float* y, global const float* dy, global const float* means, global const float* product_means,
    global const float* deviation, global float* dx, uint count, int channels, uint inner)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int c = i / inner % channels;
    dx[i] = y ? (dy[i] - (means[c] + product_means[c] * y[i])) / deviation[c] : dy[i] / deviation[c];
}

// y = x * scale + bias; a missing scale is 1 and a missing bias 0. x and y may be the same memory.
ELEMENT_KERNEL void affine(global const float* x, global const float* scale, global const float* bias, global float* y, uint count, int channels, uint inner)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int c = i / inner % channels;
    y[i] = x[i] * (scale ? scale[c] : 1.0f) + (bias ? bias[c] : 0.0f);
}

// A ReLU with a slope for each channel, or one for all.
ELEMENT_KERNEL void prelu(global const float* x, global const float* slopes, global float* y, uint count, int channels, uint inner, int shared)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    float slope = slopes[shared ? 0 : i / inner % channels], value = x[i];
    y[i] = (value < 0.0f ? 0.0f : value) + slope * (value > 0.0f ? 0.0f : value);
}

ELEMENT_KERNEL void prelu_backward(global const float* x, global const float* slopes, global const float* dy, global float* dx, uint count, int channels,
    uint inner, int shared)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    float slope = slopes[shared ? 0 : i / inner % channels], value = x[i];
    dx[i] = dy[i] * (value > 0.0f ? 1.0f : value <= 0.0f ? slope : 0.0f);
}
