// A fully connected product for one to four examples on CPU devices, with weights that stay as they are: they are put once in the order in
// which they are read. A thread then reads one run of memory from end to end, which is what prefetchers follow best.
//
// BATCH         examples
// HALF_WEIGHTS  defined where weights are stored in half precision; sums stay in single
#ifndef BATCH
#define BATCH 1
#endif

#include "panels_cpu.cl"

// Vectors of outputs in a panel: as many sums as hide the latency of a multiply-add.
#define VECTORS 4
#define PANEL (VECTORS * WIDTH)

// Sums over so many inputs are added to the total, so that rounding does not grow with the length.
#define STRETCH 256

// Weights in a cache line, and how far ahead they are fetched: a page, since prefetchers of the hardware stop where one ends.
#define LINE (64 / (int)sizeof(WEIGHT))
#define AHEAD (4096 / (int)sizeof(WEIGHT))

#ifdef HALF_WEIGHTS
#define WEIGHT half
#define WEIGHTS(p) JOIN(vload_half, WIDTH)(0, p)
#define STORE_WEIGHTS(value, p) JOIN(JOIN(vstore_half, WIDTH), _rte)(value, 0, p)
#else
#define WEIGHT float
#define WEIGHTS(p) LOAD(p)
#define STORE_WEIGHTS(value, p) STORE_GLOBAL(value, p)
#endif

// weights(outputs, inputs), or transposed, as panels of PANEL outputs: all of them for the first input, for the second, ...
THREAD_KERNEL void gemv_pack(global const float* weights, global WEIGHT* panels, volatile global int* counters, int inputs, int outputs, int transposed)
{
    uint count = (uint)inputs * outputs;
    FOR_EACH_TASK(counters, (outputs + PANEL - 1) / PANEL)
    {
        global WEIGHT* to = panels + (size_t)task * inputs * PANEL;
        for (int v = 0; v < VECTORS; v++, to += WIDTH)
        {
            int first = task * PANEL + v * WIDTH;
            if (transposed)
            {
                for (int i = 0; i < inputs; i++)
                    STORE_WEIGHTS(first < outputs ? load(weights + (size_t)i * outputs, first, outputs) : (real)(0.0f), to + (size_t)i * PANEL);
                continue;
            }
            for (int i = 0; i < inputs; i += WIDTH)
            {
                real w[WIDTH];
#pragma unroll
                for (int k = 0; k < WIDTH; k++) w[k] = first + k < outputs ? load(weights, (uint)(first + k) * inputs + i, count) : (real)(0.0f);
                transpose(w);
#pragma unroll
                for (int k = 0; k < WIDTH; k++)
                    if (i + k < inputs) STORE_WEIGHTS(w[k], to + (size_t)(i + k) * PANEL);
            }
        }
    }
    leave(counters);
}

// y(batch, outputs) = x(batch, inputs) * weights + bias.
THREAD_KERNEL void gemv_panels(global const float* x, global const WEIGHT* panels, global const float* bias, global float* y, volatile global int* counters,
    int inputs, int outputs, int relu)
{
    FOR_EACH_TASK(counters, (outputs + PANEL - 1) / PANEL)
    {
        global const WEIGHT* w = panels + (size_t)task * inputs * PANEL;
        real totals[BATCH][VECTORS];
#pragma unroll
        for (int b = 0; b < BATCH; b++)
#pragma unroll
            for (int v = 0; v < VECTORS; v++) totals[b][v] = (real)(0.0f);
        for (int begin = 0; begin < inputs; begin += STRETCH)
        {
            int end = min(inputs, begin + STRETCH);
            real sums[BATCH][VECTORS];
#pragma unroll
            for (int b = 0; b < BATCH; b++)
#pragma unroll
                for (int v = 0; v < VECTORS; v++) sums[b][v] = (real)(0.0f);
            for (int i = begin; i < end; i++, w += PANEL)
            {
                real wide[VECTORS];
#pragma unroll
                for (int v = 0; v < VECTORS; v++)
                {
                    if (v * WIDTH % LINE == 0) FETCH(w + AHEAD + v * WIDTH);
                    wide[v] = WEIGHTS(w + v * WIDTH);
                }
#pragma unroll
                for (int b = 0; b < BATCH; b++)
#pragma unroll
                    for (int v = 0; v < VECTORS; v++) sums[b][v] = fma(wide[v], (real)(x[b * inputs + i]), sums[b][v]);
            }
#pragma unroll
            for (int b = 0; b < BATCH; b++)
#pragma unroll
                for (int v = 0; v < VECTORS; v++) totals[b][v] += sums[b][v];
        }
        for (int v = 0; v < VECTORS; v++)
        {
            uint at = task * PANEL + v * WIDTH;
            if (at >= (uint)outputs) break;
            real shift = bias ? load(bias, at, outputs) : (real)(0.0f);
            for (int b = 0; b < BATCH; b++)
            {
                real value = totals[b][v] + shift;
                if (relu) value = rectified(value);
                store(value, y + (size_t)b * outputs, at, outputs);
            }
        }
    }
    leave(counters);
}
