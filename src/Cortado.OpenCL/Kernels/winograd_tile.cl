// Winograd's minimal filtering (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015): the product of two polynomials is found by
// its values at TILE_IN points, the last of which is infinity. A tile of TILE_IN x TILE_IN inputs gives TILE_OUT x TILE_OUT sums over TAPS x TAPS
// taps for TILE_IN * TILE_IN products. With a few small points the sums are no worse than those computed one by one.
//
// TILE_IN  4, 5 or 6
// TAPS     TILE_OUT is TILE_IN + 1 - TAPS
#ifndef TILE_IN
#define TILE_IN 4
#endif
#ifndef TAPS
#define TAPS 3
#endif

#define TILE_OUT (TILE_IN + 1 - TAPS)
#define POINTS (TILE_IN * TILE_IN)

// INPUT: the coefficients of the products of (x - point) over all points but one, and over all.
// POWERS: the finite points' powers. INVERSE: 1 / the product of a point's differences to the others.
#if TILE_IN == 4
// 0, 1, -1
constant float INPUT[4][4] = { { -1, 0, 1, 0 }, { 0, 1, 1, 0 }, { 0, -1, 1, 0 }, { 0, -1, 0, 1 } };
constant float POWERS[3][5] = { { 1, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1 } };
constant float INVERSE[3] = { -1, 0.5f, 0.5f };
#elif TILE_IN == 5
// 0, 1, -1, 2
constant float INPUT[5][5] = { { 2, -1, -2, 1, 0 }, { 0, -2, -1, 1, 0 }, { 0, 2, -3, 1, 0 }, { 0, -1, 0, 1, 0 }, { 0, 2, -1, -2, 1 } };
constant float POWERS[4][5] = { { 1, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1 }, { 1, 2, 4, 8, 16 } };
constant float INVERSE[4] = { 0.5f, -0.5f, -1.0f / 6, 1.0f / 6 };
#else
// 0, 1, -1, 2, -1/2
constant float INPUT[6][6] = { { 1, 1.5f, -2, -1.5f, 1, 0 }, { 0, -1, -2.5f, -0.5f, 1, 0 }, { 0, 1, 0.5f, -2.5f, 1, 0 }, { 0, -0.5f, -1, 0.5f, 1, 0 },
    { 0, 2, -1, -2, 1, 0 }, { 0, 1, 1.5f, -2, -1.5f, 1 } };
constant float POWERS[5][5] = { { 1, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1 }, { 1, 2, 4, 8, 16 }, { 1, -0.5f, 0.25f, -0.125f, 0.0625f } };
constant float INVERSE[5] = { 1, -1.0f / 3, 1.0f / 3, 1.0f / 15, -16.0f / 15 };
#endif

// sum += c * x for constants that the compiler sees; `begun` says whether there is a sum yet.
#define ADD_TERM(sum, begun, c, x) \
    if ((c) != 0.0f) \
    { \
        if (begun) sum = (c) == 1.0f ? sum + (x) : (c) == -1.0f ? sum - (x) : fma((real)(c), (x), sum); \
        else sum = (c) == 1.0f ? (x) : (real)(c) * (x); \
        begun = 1; \
    }

// d becomes INPUT * d * transposed INPUT.
void transform_input(real* d)
{
#pragma unroll
    for (int side = 0; side < 2; side++)
#pragma unroll
        for (int line = 0; line < TILE_IN; line++)
        {
            real x[TILE_IN];
            int first = side == 0 ? line : line * TILE_IN, step = side == 0 ? TILE_IN : 1;
#pragma unroll
            for (int k = 0; k < TILE_IN; k++) x[k] = d[first + k * step];
#pragma unroll
            for (int i = 0; i < TILE_IN; i++)
            {
                real sum = (real)(0.0f);
                int begun = 0;
#pragma unroll
                for (int k = 0; k < TILE_IN; k++) ADD_TERM(sum, begun, INPUT[i][k], x[k])
                d[first + i * step] = sum;
            }
        }
}

// The values of SIZE x SIZE taps at the points, divided by what a point's differences give.
#define TRANSFORM_TAPS(NAME, SIZE) \
void NAME(const real* g, real* u) \
{ \
    real rows[TILE_IN * SIZE]; \
    _Pragma("unroll") for (int j = 0; j < SIZE; j++) \
        _Pragma("unroll") for (int i = 0; i < TILE_IN; i++) \
        { \
            real sum = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < SIZE; k++) \
                ADD_TERM(sum, begun, (i == TILE_IN - 1 ? (k == SIZE - 1 ? 1.0f : 0.0f) : POWERS[min(i, TILE_IN - 2)][k] * INVERSE[min(i, TILE_IN - 2)]), g[k * SIZE + j]) \
            rows[i * SIZE + j] = sum; \
        } \
    _Pragma("unroll") for (int i = 0; i < TILE_IN; i++) \
        _Pragma("unroll") for (int j = 0; j < TILE_IN; j++) \
        { \
            real sum = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < SIZE; k++) \
                ADD_TERM(sum, begun, (j == TILE_IN - 1 ? (k == SIZE - 1 ? 1.0f : 0.0f) : POWERS[min(j, TILE_IN - 2)][k] * INVERSE[min(j, TILE_IN - 2)]), rows[i * SIZE + k]) \
            u[i * TILE_IN + j] = sum; \
        } \
}

// SIZE x SIZE sums from the products at the points.
#define TRANSFORM_PRODUCTS(NAME, SIZE) \
void NAME(const real* m, real* y) \
{ \
    real rows[SIZE * TILE_IN]; \
    _Pragma("unroll") for (int j = 0; j < TILE_IN; j++) \
        _Pragma("unroll") for (int i = 0; i < SIZE; i++) \
        { \
            real sum = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < TILE_IN; k++) \
                ADD_TERM(sum, begun, (k == TILE_IN - 1 ? (i == SIZE - 1 ? 1.0f : 0.0f) : POWERS[min(k, TILE_IN - 2)][i]), m[k * TILE_IN + j]) \
            rows[i * TILE_IN + j] = sum; \
        } \
    _Pragma("unroll") for (int i = 0; i < SIZE; i++) \
        _Pragma("unroll") for (int j = 0; j < SIZE; j++) \
        { \
            real sum = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < TILE_IN; k++) \
                ADD_TERM(sum, begun, (k == TILE_IN - 1 ? (j == SIZE - 1 ? 1.0f : 0.0f) : POWERS[min(k, TILE_IN - 2)][j]), rows[i * TILE_IN + k]) \
            y[i * SIZE + j] = sum; \
        } \
}

TRANSFORM_TAPS(transform_taps, TAPS)
TRANSFORM_PRODUCTS(transform_sums, TILE_OUT)
// Compilers take their time over these, whether anybody calls them or not.
#ifndef FORWARD_ONLY
TRANSFORM_TAPS(transform_output_diff, TILE_OUT)
TRANSFORM_PRODUCTS(transform_gradient, TAPS)
#endif
