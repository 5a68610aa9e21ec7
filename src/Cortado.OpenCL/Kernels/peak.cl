// What a device can do at best: multiply-adds on registers, ROUNDS times 8 vectors a work-item.

#ifndef ROUNDS
#define ROUNDS 2048
#endif

ELEMENT_KERNEL void peak_multiply_adds(global float* out, float a, float b)
{
    real x0 = (real)(get_global_id(0) * 1e-9f), x1 = x0 + 1.0f, x2 = x0 + 2.0f, x3 = x0 + 3.0f;
    real x4 = x0 + 4.0f, x5 = x0 + 5.0f, x6 = x0 + 6.0f, x7 = x0 + 7.0f, factor = (real)(a), summand = (real)(b);
    for (int round = 0; round < ROUNDS; round++)
    {
        x0 = fma(x0, factor, summand);
        x1 = fma(x1, factor, summand);
        x2 = fma(x2, factor, summand);
        x3 = fma(x3, factor, summand);
        x4 = fma(x4, factor, summand);
        x5 = fma(x5, factor, summand);
        x6 = fma(x6, factor, summand);
        x7 = fma(x7, factor, summand);
    }
    // Nothing may be left out that shows nowhere.
    float sum = across(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7);
    if (sum == -1.0f) out[0] = sum;
}
