// Rows of an array: repeated, reduced to a number each, or normalised by what each has for itself. Where a row becomes a number a work-group shares it.

// The term of a reduction: what the host defines, and its slope.
#if defined(ABSOLUTES)
#define TERM(x) fabs(x)
#define SLOPE(x) ((x > 0.0f ? 1.0f : 0.0f) - (x < 0.0f ? 1.0f : 0.0f))
#elif defined(SQUARES)
#define TERM(x) ((x) * (x))
#define SLOPE(x) (2.0f * (x))
#else
#define TERM(x) (x)
#define SLOPE(x) 1.0f
#endif

// y(outer, copy, inner) = x(outer, inner).
ELEMENT_KERNEL void tile(global const float* x, global float* y, uint count, uint inner, uint copies)
{
    uint i = get_global_id(0);
    if (i < count) y[i] = x[i / inner / copies * inner + i % inner];
}

// dx = the sum over the copies, in their order.
ELEMENT_KERNEL void tile_backward(global const float* dy, global float* dx, uint count, uint inner, uint copies)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    dy += (size_t)(i / inner) * copies * inner + i % inner;
    float sum = 0.0f;
    for (uint copy = 0; copy < copies; copy++) sum += dy[(size_t)copy * inner];
    dx[i] = sum;
}

LANE_KERNEL void reduce_rows(global const float* x, global float* y, uint length, float coefficient)
{
    local float scratch[LANES];
    uint lane = get_local_id(0);
    x += (size_t)get_group_id(0) * length;
    float sum = 0.0f, lost = 0.0f;
    for (uint i = lane; i < length; i += LANES) add(TERM(x[i]), &sum, &lost);
    sum = over_lanes(sum, scratch);
    if (lane == 0) y[get_group_id(0)] = sum * coefficient;
}

ELEMENT_KERNEL void reduce_rows_backward(global const float* x, global const float* dy, global float* dx, uint count, uint length, float coefficient)
{
    uint i = get_global_id(0);
    if (i < count) dx[i] = dy[i / length] * coefficient * SLOPE(x[i]);
}

// y = (x - mean) / deviation of its row; the deviation is 1 where variance is not wanted. x and y may be the same memory.
LANE_KERNEL void normalize_rows(global const float* x, global float* y, global float* deviations, uint length, int variance, float epsilon)
{
    local float scratch[LANES];
    uint lane = get_local_id(0);
    size_t row = (size_t)get_group_id(0) * length;
    x += row;
    y += row;
    float sum = 0.0f, lost = 0.0f, squares = 0.0f, lost_squares = 0.0f, deviation = 1.0f;
    for (uint i = lane; i < length; i += LANES) add(x[i], &sum, &lost);
    float mean = over_lanes(sum, scratch) / length;
    if (variance)
    {
        for (uint i = lane; i < length; i += LANES) add((x[i] - mean) * (x[i] - mean), &squares, &lost_squares);
        deviation = sqrt(over_lanes(squares, scratch) / length) + epsilon;
    }
    for (uint i = lane; i < length; i += LANES) y[i] = (x[i] - mean) / deviation;
    if (lane == 0) deviations[get_group_id(0)] = deviation;
}

// dx = (dy - mean(dy) - mean(dy y) y) / deviation; without variance only the first two terms. dy and dx may be the same memory.
LANE_KERNEL void normalize_rows_backward(global const float* y, global const float* deviations, global const float* dy, global float* dx, uint length,
    int variance)
{
    local float scratch[LANES];
    uint lane = get_local_id(0);
    size_t row = (size_t)get_group_id(0) * length;
    y += row;
    dy += row;
    dx += row;
    float sum = 0.0f, lost = 0.0f, products = 0.0f, lost_products = 0.0f;
    for (uint i = lane; i < length; i += LANES) add(dy[i], &sum, &lost);
    float mean = over_lanes(sum, scratch) / length;
    if (!variance)
    {
        for (uint i = lane; i < length; i += LANES) dx[i] = dy[i] - mean;
        return;
    }
    for (uint i = lane; i < length; i += LANES) add(dy[i] * y[i], &products, &lost_products);
    float product_mean = over_lanes(products, scratch) / length, deviation = deviations[get_group_id(0)];
    for (uint i = lane; i < length; i += LANES) dx[i] = (dy[i] - (mean + product_mean * y[i])) / deviation;
}
