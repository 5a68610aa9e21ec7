// Softmax over the middle axis of (outer, classes, inner), and its gradient. Where inner is 1 a column is a run of memory and a work-group
// shares it; else a work-item has a column, and neighbours have neighbouring ones. A NaN or +inf makes its column NaN.

LANE_KERNEL void softmax_rows(global const float* x, global float* y, int classes)
{
    local float scratch[LANES];
    uint lane = get_local_id(0);
    size_t row = (size_t)get_group_id(0) * classes;
    x += row;
    y += row;
    float greatest = -INFINITY;
    for (int c = lane; c < classes; c += LANES) greatest = fmax(greatest, x[c]);
    greatest = greatest_over_lanes(greatest, scratch);
    float sum = 0.0f;
    for (int c = lane; c < classes; c += LANES)
    {
        float e = exp(x[c] - greatest);
        y[c] = e;
        sum += e;
    }
    sum = over_lanes(sum, scratch);
    for (int c = lane; c < classes; c += LANES) y[c] /= sum;
}

LANE_KERNEL void softmax_rows_backward(global const float* y, global const float* dy, global float* dx, int classes)
{
    local float scratch[LANES];
    uint lane = get_local_id(0);
    size_t row = (size_t)get_group_id(0) * classes;
    y += row;
    dy += row;
    dx += row;
    float dot_ = 0.0f;
    for (int c = lane; c < classes; c += LANES) dot_ += dy[c] * y[c];
    dot_ = over_lanes(dot_, scratch);
    for (int c = lane; c < classes; c += LANES) dx[c] = (dy[c] - dot_) * y[c];
}

ELEMENT_KERNEL void softmax_columns(global const float* x, global float* y, uint columns, int classes, uint inner)
{
    uint i = get_global_id(0);
    if (i >= columns) return;
    size_t start = (size_t)(i / inner) * classes * inner + i % inner;
    x += start;
    y += start;
    float greatest = -INFINITY, sum = 0.0f;
    for (int c = 0; c < classes; c++) greatest = fmax(greatest, x[(size_t)c * inner]);
    for (int c = 0; c < classes; c++)
    {
        float e = exp(x[(size_t)c * inner] - greatest);
        y[(size_t)c * inner] = e;
        sum += e;
    }
    for (int c = 0; c < classes; c++) y[(size_t)c * inner] /= sum;
}

ELEMENT_KERNEL void softmax_columns_backward(global const float* y, global const float* dy, global float* dx, uint columns, int classes, uint inner)
{
    uint i = get_global_id(0);
    if (i >= columns) return;
    size_t start = (size_t)(i / inner) * classes * inner + i % inner;
    y += start;
    dy += start;
    dx += start;
    float dot_ = 0.0f;
    for (int c = 0; c < classes; c++) dot_ += dy[(size_t)c * inner] * y[(size_t)c * inner];
    for (int c = 0; c < classes; c++) dx[(size_t)c * inner] = (dy[(size_t)c * inner] - dot_) * y[(size_t)c * inner];
}
