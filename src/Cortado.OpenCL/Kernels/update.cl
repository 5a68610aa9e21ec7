// The update of a blob of weights, one pass: g = (diff * clip) * normalization, g += decay * w (or its sign), then a rule; the
// gradient is left zero, by the kernel or by the host's word. The host defines the rule. a and b are what the rule remembers; b is a where it remembers one thing.

#if defined(SGD) // p: momentum
#define STEP first = p * first + rate * g; step = first;
#elif defined(NESTEROV) // p: momentum
#define STEP real back = p * first; first = back + rate * g; step = (1.0f + p) * first - back;
#elif defined(ADAGRAD) // p: delta
#define STEP first += g * g; step = rate * (g / (sqrt(first) + p));
#elif defined(RMSPROP) // p: decay, q: 1 - decay, r: delta
#define STEP first = p * first + q * (g * g); step = rate * (g / (sqrt(first) + r));
#elif defined(ADADELTA) // p: momentum, q: 1 - momentum, r: delta
#define HAS_SECOND
#define STEP first = p * first + q * (g * g); step = g * sqrt((second + r) / (first + r)); second = p * second + q * (step * step); step = rate * step;
#elif defined(ADAM) // p: beta1, q: 1 - beta1, r: beta2, s: 1 - beta2, t: epsilon
#define HAS_SECOND
#define STEP first = p * first + q * g; second = r * second + s * (g * g); step = rate * (first / (sqrt(second) + t));
#endif

ELEMENT_KERNEL void update(global float* w, global float* d, global float* a, global float* b, uint count, float clip, float normalization,
    float decay, int signs, float rate, float p, float q, float r, float s, float t, int clear)
{
    uint at = (uint)get_global_id(0) * WIDTH;
    if (at >= count) return;
    real weights = load(w, at, count), g = load(d, at, count) * clip * normalization, first = load(a, at, count), step;
#ifdef HAS_SECOND
    real second = load(b, at, count);
#endif
    // A decay of 0 adds nothing, also where a weight is not finite.
    if (decay != 0.0f)
    {
        real pull = weights;
        if (signs) pull = weights > (real)(0.0f) ? (real)(1.0f) : (weights < (real)(0.0f) ? (real)(-1.0f) : (real)(0.0f));
        g += decay * pull;
    }
    STEP
    store(weights - step, w, at, count);
    store(first, a, at, count);
#ifdef HAS_SECOND
    store(second, b, at, count);
#endif
    if (clear) store((real)(0.0f), d, at, count);
}
