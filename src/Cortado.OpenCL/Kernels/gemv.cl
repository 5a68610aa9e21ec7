// A fully connected product for one to four examples. It is as fast as the weights can be read, so each of them is read once, for all examples.
//
// BATCH         examples
// ROWS_EACH     outputs that a work-group computes at a time
// HALF_WEIGHTS  defined where weights are stored in half precision; sums stay in single
// ALIGNED       defined where rows of weights begin at multiples of WIDTH, ALIGNED_INPUTS where examples do. (A vload may be from anywhere, for
//               which some compilers take float after float.)
#ifndef BATCH
#define BATCH 1
#endif
#ifndef ROWS_EACH
#define ROWS_EACH 4
#endif

#ifdef HALF_WEIGHTS
#define WEIGHT half
#define ONE_WEIGHT(p) vload_half(0, p)
#if WIDTH == 1
#define WEIGHTS(p) vload_half(0, p)
#elif defined(ALIGNED)
#define WEIGHTS(p) JOIN(vloada_half, WIDTH)(0, p)
#else
#define WEIGHTS(p) JOIN(vload_half, WIDTH)(0, p)
#endif
#else
#define WEIGHT float
#define ONE_WEIGHT(p) (*(p))
#ifdef ALIGNED
#define WEIGHTS(p) (*(global const real*)(p))
#else
#define WEIGHTS(p) LOAD(p)
#endif
#endif
#ifdef ALIGNED_INPUTS
#define INPUTS(p) (*(global const real*)(p))
#else
#define INPUTS(p) LOAD(p)
#endif

// As Caffe compares: NaN passes, and -infinity becomes NaN.
float rectified(float x, int relu) { return relu ? (x < 0.0f ? 0.0f : x) + 0.0f * (x > 0.0f ? 0.0f : x) : x; }

// y(batch, outputs) = x(batch, inputs) * weights(outputs, inputs)^T + bias. Rows of weights are `pitch` apart. A work-group has ROWS_EACH outputs.
LANE_KERNEL void gemv_rows(global const float* x, global const WEIGHT* weights, global const float* bias, global float* y, int inputs, int outputs, int pitch,
    int relu)
{
    local float scratch[LANES];
    int lane = get_local_id(0), first = get_group_id(0) * ROWS_EACH, whole = inputs - inputs % WIDTH;
    global const WEIGHT* rows[ROWS_EACH];
    real sums[ROWS_EACH][BATCH];
#pragma unroll
    for (int r = 0; r < ROWS_EACH; r++)
    {
        rows[r] = weights + (size_t)min(first + r, outputs - 1) * pitch;
#pragma unroll
        for (int b = 0; b < BATCH; b++) sums[r][b] = (real)(0.0f);
    }
    for (int i = lane * WIDTH; i < whole; i += LANES * WIDTH)
    {
#pragma unroll
        for (int r = 0; r < ROWS_EACH; r++)
        {
            real w = WEIGHTS(rows[r] + i);
#pragma unroll
            for (int b = 0; b < BATCH; b++) sums[r][b] = fma(w, INPUTS(x + b * inputs + i), sums[r][b]);
        }
    }
#pragma unroll
    for (int r = 0; r < ROWS_EACH; r++)
#pragma unroll
        for (int b = 0; b < BATCH; b++)
        {
            float part = across(sums[r][b]);
            for (int i = whole + lane; i < inputs; i += LANES) part = fma(ONE_WEIGHT(rows[r] + i), x[b * inputs + i], part);
            float sum = over_lanes(part, scratch);
            if (lane == 0 && first + r < outputs) y[b * outputs + first + r] = rectified(sum + (bias ? bias[first + r] : 0.0f), relu);
        }
}

// Sums of a slice of the inputs: sums(slice, batch, outputs). weights(inputs, outputs), rows `pitch` apart; a work-item has WIDTH outputs.
ELEMENT_KERNEL void gemv_columns(global const float* x, global const WEIGHT* weights, global float* sums, int inputs, int outputs, int pitch, int slice_inputs)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= (uint)outputs) return;
    int begin = get_global_id(1) * slice_inputs, end = min(inputs, begin + slice_inputs);
    real parts[BATCH];
#pragma unroll
    for (int b = 0; b < BATCH; b++) parts[b] = (real)(0.0f);
    if (at + WIDTH <= (uint)pitch)
        for (int i = begin; i < end; i++)
        {
            real w = WEIGHTS(weights + (size_t)i * pitch + at);
#pragma unroll
            for (int b = 0; b < BATCH; b++) parts[b] = fma(w, (real)(x[b * inputs + i]), parts[b]);
        }
    else
    {
        lanes_of u[BATCH];
        for (int b = 0; b < BATCH; b++)
            for (uint k = 0; k < WIDTH; k++)
            {
                u[b].each[k] = 0.0f;
                for (int i = begin; i < end && at + k < (uint)outputs; i++)
                    u[b].each[k] = fma(ONE_WEIGHT(weights + (size_t)i * pitch + at + k), x[b * inputs + i], u[b].each[k]);
            }
        for (int b = 0; b < BATCH; b++) parts[b] = u[b].all;
    }
    for (int b = 0; b < BATCH; b++) store(parts[b], sums + ((size_t)get_global_id(1) * BATCH + b) * outputs, at, outputs);
}

// y = the slices' sums, in order, with bias and ReLU. count = batch * outputs.
ELEMENT_KERNEL void gemv_finish(global const float* sums, global const float* bias, global float* y, int count, int outputs, int slices, int relu)
{
    int i = get_global_id(0);
    if (i >= count) return;
    float sum = 0.0f;
    for (int s = 0; s < slices; s++) sum += sums[(size_t)s * count + i];
    y[i] = rectified(sum + (bias ? bias[i % outputs] : 0.0f), relu);
}

// sums[c] += the sum of the rows of x(rows, columns), in order.
ELEMENT_KERNEL void column_sums(global const float* x, global float* sums, int rows, uint columns)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= columns) return;
    real sum = (real)(0.0f);
    for (int r = 0; r < rows; r++) sum += load(x + (size_t)r * columns, at, columns);
    store(load(sums, at, columns) + sum, sums, at, columns);
}

// A copy of a matrix's rows of so many floats, `pitch` apart, zero behind their ends; halves are rounded to nearest. count = rows * pitch.
ELEMENT_KERNEL void copy_weights(global const float* from, global WEIGHT* to, uint count, uint length, uint pitch)
{
    uint i = get_global_id(0), row = i / pitch, at = i % pitch;
    if (i >= count) return;
    float value = at < length ? from[(size_t)row * length + at] : 0.0f;
#ifdef HALF_WEIGHTS
    vstore_half_rte(value, i, to);
#else
    to[i] = value;
#endif
}
