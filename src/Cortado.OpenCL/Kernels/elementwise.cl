// Several arrays element by element: WIDTH elements a work-item.

// y = a x0 + b x1 + c x2 + d x3 for the first `inputs` of them, in this order; none gives 0. y may be any of them.
ELEMENT_KERNEL void weighted_sum(global const float* x0, global const float* x1, global const float* x2, global const float* x3,
    global float* y, uint count, int inputs, float a, float b, float c, float d)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= count) return;
    real sum = (real)(0.0f);
    if (inputs > 0) sum = a * load(x0, at, count);
    if (inputs > 1) sum += b * load(x1, at, count);
    if (inputs > 2) sum += c * load(x2, at, count);
    if (inputs > 3) sum += d * load(x3, at, count);
    store(sum, y, at, count);
}

// y = x0 x1 x2 x3 for the first `inputs` of them, at least one. y may be any of them.
ELEMENT_KERNEL void product(global const float* x0, global const float* x1, global const float* x2, global const float* x3,
    global float* y, uint count, int inputs)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= count) return;
    real value = load(x0, at, count);
    if (inputs > 1) value *= load(x1, at, count);
    if (inputs > 2) value *= load(x2, at, count);
    if (inputs > 3) value *= load(x3, at, count);
    store(value, y, at, count);
}

// dx = y / x * dy.
ELEMENT_KERNEL void product_backward(global const float* x, global const float* y, global const float* dy, global float* dx, uint count)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at < count) store(load(y, at, count) / load(x, at, count) * load(dy, at, count), dx, at, count);
}

// The first two inputs: of equals, and where one is NaN, the second wins, as Caffe's comparison has it.
ELEMENT_KERNEL void maximum_of_two(global const float* x0, global const float* x1, global float* y, global float* winner, uint count)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= count) return;
    real a = load(x0, at, count), b = load(x1, at, count);
    store(a > b ? a : b, y, at, count);
    store(a > b ? (real)(0.0f) : (real)(1.0f), winner, at, count);
}

// One more input, number `index`.
ELEMENT_KERNEL void maximum_with(global const float* x, global float* y, global float* winner, uint count, float index)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= count) return;
    real value = load(x, at, count), largest = load(y, at, count), by = load(winner, at, count);
    store(value > largest ? value : largest, y, at, count);
    store(value > largest ? (real)(index) : by, winner, at, count);
}

// dx = dy where input `index` won, else 0.
ELEMENT_KERNEL void maximum_backward(global const float* winner, global const float* dy, global float* dx, uint count, float index)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at < count) store(load(winner, at, count) == (real)(index) ? load(dy, at, count) : (real)(0.0f), dx, at, count);
}
