// A function of each element alone: WIDTH elements a work-item. The host defines which one.
// Forward y = f(x); backward dx = dy * f'(x), from x and y = f(x). Comparisons stand as Caffe's do: they decide what becomes of NaN.

#define ZERO ((real)(0.0f))
#define ONE ((real)(1.0f))
#define SIGMOID(x) (1.0f / (1.0f + exp(-(x))))

#if defined(RELU) // a: slope below zero
real forward(real x, float a, float b, float c) { return (x < ZERO ? ZERO : x) + a * (x > ZERO ? ZERO : x); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * (x > ZERO ? ONE : (x <= ZERO ? (real)(a) : ZERO)); }
#elif defined(ABSOLUTE)
real forward(real x, float a, float b, float c) { return fabs(x); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * ((x > ZERO ? ONE : ZERO) - (x < ZERO ? ONE : ZERO)); }
#elif defined(BNLL)
real forward(real x, float a, float b, float c) { return x > ZERO ? x + log(1.0f + exp(-x)) : log(1.0f + exp(x)); }
real backward(real x, real y, real dy, float a, float b, float c)
{
    real e = exp((real)(50.0f) < x ? (real)(50.0f) : x);
    return dy * e / (e + 1.0f);
}
#elif defined(CLIP) // a: least, b: greatest
real forward(real x, float a, float b, float c)
{
    real low = (real)(b) < x ? (real)(b) : x;
    return (real)(a) < low ? low : (real)(a);
}
real backward(real x, real y, real dy, float a, float b, float c) { return dy * ((x >= (real)(a)) & (x <= (real)(b)) ? ONE : ZERO); }
#elif defined(ELU) // a: alpha
real forward(real x, float a, float b, float c) { return (x < ZERO ? ZERO : x) + a * (exp(x > ZERO ? ZERO : x) - 1.0f); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * (x > ZERO ? ONE : (x <= ZERO ? y + a : y * 0.0f)); }
#elif defined(EXPONENTIAL) // a: inner factor, b: outer factor
real forward(real x, float a, float b, float c) { return b * exp(a * x); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * y * a; }
#elif defined(IDENTITY)
real forward(real x, float a, float b, float c) { return x; }
real backward(real x, real y, real dy, float a, float b, float c) { return dy; }
#elif defined(LINEAR) // a: scale, b: shift
real forward(real x, float a, float b, float c) { return x * a + b; }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * a; }
#elif defined(LOGARITHM) // a: scale, b: shift, c: outer factor
real forward(real x, float a, float b, float c) { return c * log(a * x + b); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * (a * c) / (a * x + b); }
#elif defined(CONSTANT) // a: the value
real forward(real x, float a, float b, float c) { return (real)(a); }
real backward(real x, real y, real dy, float a, float b, float c) { return ZERO; }
#elif defined(SQUARE) // (a x + b)^2
real forward(real x, float a, float b, float c) { real inner = a * x + b; return inner * inner; }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * (2.0f * a * a * x + 2.0f * a * b); }
#elif defined(POWER) // a: scale, b: shift, c: power
real forward(real x, float a, float b, float c) { return pow(a * x + b, (real)(c)); }
real backward(real x, real y, real dy, float a, float b, float c)
{
    return b == 0.0f ? dy * (y / x * c) : dy * (y / (a * x + b) * (c * a));
}
#elif defined(SIGMOID_FUNCTION)
real forward(real x, float a, float b, float c) { return SIGMOID(x); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * y * (1.0f - y); }
#elif defined(SWISH) // a: beta
real forward(real x, float a, float b, float c) { return x * SIGMOID(a * x); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * (a * y + SIGMOID(a * x) * (1.0f - a * y)); }
#elif defined(TANH)
// Where it is 1 to the last bit it shall be so: some libraries stop a bit before, and the gradient never becomes 0.
real forward(real x, float a, float b, float c) { return fabs(x) > (real)(9.1f) ? copysign(ONE, x) : tanh(x); }
real backward(real x, real y, real dy, float a, float b, float c) { return dy * (1.0f - y * y); }
#elif defined(THRESHOLD) // a: threshold
real forward(real x, float a, float b, float c) { return x > (real)(a) ? ONE : ZERO; }
real backward(real x, real y, real dy, float a, float b, float c) { return ZERO; }
#endif

// x and y may be the same memory.
ELEMENT_KERNEL void activation_forward(global const float* x, global float* y, uint count, float a, float b, float c)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at < count) store(forward(load(x, at, count), a, b, c), y, at, count);
}

// dy and dx may be the same memory.
ELEMENT_KERNEL void activation_backward(global const float* x, global const float* y, global const float* dy, global float* dx,
    uint count, float a, float b, float c)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at < count) store(backward(load(x, at, count), load(y, at, count), load(dy, at, count), a, b, c), dx, at, count);
}
