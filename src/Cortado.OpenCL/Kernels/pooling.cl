// Pooling. A work-item has one output forward, one input backward: it gathers, so that no two write to one place and the order of
// additions is fixed. Windows start at (oy * stride_h - pad_h, ox * stride_w - pad_w) and are clipped to the image.

ELEMENT_KERNEL void max_pooling_forward(global const float* x, global float* y, global int* argmax, global float* mask, uint count,
    int in_height, int in_width, int out_height, int out_width, int kernel_height, int kernel_width, int stride_height, int stride_width,
    int pad_height, int pad_width)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int ox = i % out_width;
    uint row = i / out_width;
    int oy = row % out_height;
    global const float* plane = x + (size_t)(row / out_height) * in_height * in_width;
    int top = oy * stride_height - pad_height, left = ox * stride_width - pad_width;
    int bottom = min(top + kernel_height, in_height), right = min(left + kernel_width, in_width);
    int first = max(left, 0);
    // Only what is greater wins: the first of equals, and never NaN.
    float best = -FLT_MAX;
    int index = -1;
    for (int iy = max(top, 0); iy < bottom; iy++)
        for (int ix = first; ix < right; ix++)
        {
            float value = plane[iy * in_width + ix];
            bool greater = value > best;
            best = greater ? value : best;
            index = greater ? iy * in_width + ix : index;
        }
    y[i] = best;
    argmax[i] = index;
    if (mask) mask[i] = index;
}

ELEMENT_KERNEL void max_pooling_backward(global const float* dy, global const int* argmax, global float* dx, uint count,
    int in_height, int in_width, int out_height, int out_width, int kernel_height, int kernel_width, int stride_height, int stride_width,
    int pad_height, int pad_width)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int ix = i % in_width;
    uint row = i / in_width;
    int iy = row % in_height, index = iy * in_width + ix;
    size_t plane = (size_t)(row / in_height) * out_height * out_width;
    int y = iy + pad_height, x = ix + pad_width;
    int first_oy = y < kernel_height ? 0 : (y - kernel_height) / stride_height + 1, end_oy = min(y / stride_height + 1, out_height);
    int first_ox = x < kernel_width ? 0 : (x - kernel_width) / stride_width + 1, end_ox = min(x / stride_width + 1, out_width);
    float sum = 0.0f;
    for (int oy = first_oy; oy < end_oy; oy++)
        for (int ox = first_ox; ox < end_ox; ox++)
        {
            size_t out = plane + oy * out_width + ox;
            if (argmax[out] == index) sum += dy[out];
        }
    dx[i] = sum;
}

// What a window's divisor counts: padding, too, up to the pad beyond the image.
int extent(int start, int size, int limit) { return min(start + size, limit) - start; }

ELEMENT_KERNEL void average_pooling_forward(global const float* x, global float* y, uint count,
    int in_height, int in_width, int out_height, int out_width, int kernel_height, int kernel_width, int stride_height, int stride_width,
    int pad_height, int pad_width)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int ox = i % out_width;
    uint row = i / out_width;
    int oy = row % out_height;
    global const float* plane = x + (size_t)(row / out_height) * in_height * in_width;
    int top = oy * stride_height - pad_height, left = ox * stride_width - pad_width;
    int bottom = min(top + kernel_height, in_height), right = min(left + kernel_width, in_width);
    float sum = 0.0f;
    for (int iy = max(top, 0); iy < bottom; iy++)
        for (int ix = max(left, 0); ix < right; ix++) sum += plane[iy * in_width + ix];
    y[i] = sum / (extent(top, kernel_height, in_height + pad_height) * extent(left, kernel_width, in_width + pad_width));
}

ELEMENT_KERNEL void average_pooling_backward(global const float* dy, global float* dx, uint count,
    int in_height, int in_width, int out_height, int out_width, int kernel_height, int kernel_width, int stride_height, int stride_width,
    int pad_height, int pad_width)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    int ix = i % in_width;
    uint row = i / in_width;
    int iy = row % in_height;
    size_t plane = (size_t)(row / in_height) * out_height * out_width;
    int y = iy + pad_height, x = ix + pad_width;
    int first_oy = y < kernel_height ? 0 : (y - kernel_height) / stride_height + 1, end_oy = min(y / stride_height + 1, out_height);
    int first_ox = x < kernel_width ? 0 : (x - kernel_width) / stride_width + 1, end_ox = min(x / stride_width + 1, out_width);
    float sum = 0.0f;
    for (int oy = first_oy; oy < end_oy; oy++)
    {
        int rows = extent(oy * stride_height - pad_height, kernel_height, in_height + pad_height);
        for (int ox = first_ox; ox < end_ox; ox++)
            sum += dy[plane + oy * out_width + ox] / (rows * extent(ox * stride_width - pad_width, kernel_width, in_width + pad_width));
    }
    dx[i] = sum;
}
