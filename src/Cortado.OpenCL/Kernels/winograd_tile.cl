// Winograd's minimal filtering (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015): the product of two polynomials is found by
// its values at TILE_IN points, the last of which is infinity. A tile of TILE_IN x TILE_IN inputs gives TILE_OUT x TILE_OUT sums over TAPS x TAPS
// taps for TILE_IN * TILE_IN products. With a few small points the sums are no worse than those computed one by one.
//
// TILE_IN  4, 5, 6 or 8
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
constant float POWERS[3][6] = { { 1, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1 } };
constant float INVERSE[3] = { -1, 0.5f, 0.5f };
#elif TILE_IN == 5
// 0, 1, -1, 2
constant float INPUT[5][5] = { { 2, -1, -2, 1, 0 }, { 0, -2, -1, 1, 0 }, { 0, 2, -3, 1, 0 }, { 0, -1, 0, 1, 0 }, { 0, 2, -1, -2, 1 } };
constant float POWERS[4][6] = { { 1, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1 }, { 1, 2, 4, 8, 16 } };
constant float INVERSE[4] = { 0.5f, -0.5f, -1.0f / 6, 1.0f / 6 };
#elif TILE_IN == 6
// 0, 1, -1, 2, -1/2
constant float INPUT[6][6] = { { 1, 1.5f, -2, -1.5f, 1, 0 }, { 0, -1, -2.5f, -0.5f, 1, 0 }, { 0, 1, 0.5f, -2.5f, 1, 0 }, { 0, -0.5f, -1, 0.5f, 1, 0 },
    { 0, 2, -1, -2, 1, 0 }, { 0, 1, 1.5f, -2, -1.5f, 1 } };
constant float POWERS[5][6] = { { 1, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1 }, { 1, 2, 4, 8, 16 }, { 1, -0.5f, 0.25f, -0.125f, 0.0625f } };
constant float INVERSE[5] = { 1, -1.0f / 3, 1.0f / 3, 1.0f / 15, -16.0f / 15 };
#else
// 0, 1, -1, 2, -2, 1/2, -1/2
constant float INPUT[8][8] = { { -1, 0, 5.25f, 0, -5.25f, 0, 1, 0 }, { 0, 1, 1, -4.25f, -4.25f, 1, 1, 0 }, { 0, -1, 1, 4.25f, -4.25f, -1, 1, 0 },
    { 0, 0.5f, 0.25f, -2.5f, -1.25f, 2, 1, 0 }, { 0, -0.5f, 0.25f, 2.5f, -1.25f, -2, 1, 0 }, { 0, 2, 4, -2.5f, -5, 0.5f, 1, 0 },
    { 0, -2, 4, 2.5f, -5, -0.5f, 1, 0 }, { 0, -1, 0, 5.25f, 0, -5.25f, 0, 1 } };
constant float POWERS[7][6] = { { 1, 0, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1, 1 }, { 1, -1, 1, -1, 1, -1 }, { 1, 2, 4, 8, 16, 32 }, { 1, -2, 4, -8, 16, -32 },
    { 1, 0.5f, 0.25f, 0.125f, 0.0625f, 0.03125f }, { 1, -0.5f, 0.25f, -0.125f, 0.0625f, -0.03125f } };
constant float INVERSE[7] = { -1, -2.0f / 9, -2.0f / 9, 1.0f / 90, 1.0f / 90, 32.0f / 45, 32.0f / 45 };
#endif

// Points that differ in their sign share work: a sum of one's even powers and a sum of its odd ones serve both, added and subtracted.
#if TILE_IN == 8
#define FIRST_OF_PAIR(i) ((i) % 2 == 1 && (i) < TILE_IN - 1)
#define SECOND_OF_PAIR(i) ((i) % 2 == 0 && (i) > 0)
#else
#define FIRST_OF_PAIR(i) 0
#define SECOND_OF_PAIR(i) 0
#endif

// x and y become x + y and x - y.
#define ADD_AND_SUBTRACT(x, y) \
    { \
        real first = x; \
        x = first + y; \
        y = first - y; \
    }

// The coefficients of row i of INPUT, of the taps' transformation and of the sums', where a pair's first row has the even powers and its second row the odd ones.
#define HALF_OF(i, k, c) (FIRST_OF_PAIR(i) && (k) % 2 == 1 || SECOND_OF_PAIR(i) && (k) % 2 == 0 ? 0.0f : (c))
#define INPUT_OF(i, k) HALF_OF(i, k, INPUT[SECOND_OF_PAIR(i) ? (i) - 1 : (i)][k])
#define POINT_OF(i) min(SECOND_OF_PAIR(i) ? (i) - 1 : (i), TILE_IN - 2)
#define TAPS_OF(i, k, size) HALF_OF(i, k, (i) == TILE_IN - 1 ? ((k) == (size) - 1 ? 1.0f : 0.0f) : POWERS[POINT_OF(i)][k] * INVERSE[POINT_OF(i)])
#define SUMS_OF(i, k, size) HALF_OF(k, i, (k) == TILE_IN - 1 ? ((i) == (size) - 1 ? 1.0f : 0.0f) : POWERS[POINT_OF(k)][i])

// sum += c * x for constants that the compiler sees; `begun` says whether there is a sum yet.
#define ADD_TERM(sum, begun, c, x) \
    if ((c) != 0.0f) \
    { \
        if (begun) sum = (c) == 1.0f ? sum + (x) : (c) == -1.0f ? sum - (x) : fma((real)(c), (x), sum); \
        else sum = (c) == 1.0f ? (x) : (real)(c) * (x); \
        begun = 1; \
    }

// Values at the points from those of pairs' even and odd powers; and what pairs of products add to even and to odd powers.
#define STORE_POINTS(y, to, step) \
    _Pragma("unroll") for (int n = 0; n < TILE_IN; n++) if (FIRST_OF_PAIR(n)) ADD_AND_SUBTRACT(y[n], y[min(n + 1, TILE_IN - 1)]) \
    _Pragma("unroll") for (int n = 0; n < TILE_IN; n++) (to)[n * (step)] = y[n];
#define LOAD_POINTS(x, from, step) \
    _Pragma("unroll") for (int n = 0; n < TILE_IN; n++) x[n] = (from)[n * (step)]; \
    _Pragma("unroll") for (int n = 0; n < TILE_IN; n++) if (FIRST_OF_PAIR(n)) ADD_AND_SUBTRACT(x[n], x[min(n + 1, TILE_IN - 1)])

// d becomes INPUT * d * transposed INPUT.
void transform_input(real* d)
{
#pragma unroll
    for (int side = 0; side < 2; side++)
#pragma unroll
        for (int line = 0; line < TILE_IN; line++)
        {
            real x[TILE_IN], y[TILE_IN];
            int first = side == 0 ? line : line * TILE_IN, step = side == 0 ? TILE_IN : 1;
#pragma unroll
            for (int k = 0; k < TILE_IN; k++) x[k] = d[first + k * step];
#pragma unroll
            for (int i = 0; i < TILE_IN; i++)
            {
                real sum = (real)(0.0f);
                int begun = 0;
#pragma unroll
                for (int k = 0; k < TILE_IN; k++) ADD_TERM(sum, begun, INPUT_OF(i, k), x[k])
                y[i] = sum;
            }
            STORE_POINTS(y, d + first, step)
        }
}

// The values of SIZE x SIZE taps at the points, divided by what a point's differences give.
#define TRANSFORM_TAPS(NAME, SIZE) \
void NAME(const real* g, real* u) \
{ \
    real rows[TILE_IN * SIZE]; \
    _Pragma("unroll") for (int j = 0; j < SIZE; j++) \
    { \
        real y[TILE_IN]; \
        _Pragma("unroll") for (int i = 0; i < TILE_IN; i++) \
        { \
            y[i] = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < SIZE; k++) ADD_TERM(y[i], begun, TAPS_OF(i, k, SIZE), g[k * SIZE + j]) \
        } \
        STORE_POINTS(y, rows + j, SIZE) \
    } \
    _Pragma("unroll") for (int i = 0; i < TILE_IN; i++) \
    { \
        real y[TILE_IN]; \
        _Pragma("unroll") for (int j = 0; j < TILE_IN; j++) \
        { \
            y[j] = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < SIZE; k++) ADD_TERM(y[j], begun, TAPS_OF(j, k, SIZE), rows[i * SIZE + k]) \
        } \
        STORE_POINTS(y, u + i * TILE_IN, 1) \
    } \
}

// SIZE x SIZE sums from the products at the points.
#define TRANSFORM_PRODUCTS(NAME, SIZE) \
void NAME(const real* m, real* y) \
{ \
    real rows[SIZE * TILE_IN]; \
    _Pragma("unroll") for (int j = 0; j < TILE_IN; j++) \
    { \
        real x[TILE_IN]; \
        LOAD_POINTS(x, m + j, TILE_IN) \
        _Pragma("unroll") for (int i = 0; i < SIZE; i++) \
        { \
            real sum = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < TILE_IN; k++) ADD_TERM(sum, begun, SUMS_OF(i, k, SIZE), x[k]) \
            rows[i * TILE_IN + j] = sum; \
        } \
    } \
    _Pragma("unroll") for (int i = 0; i < SIZE; i++) \
    { \
        real x[TILE_IN]; \
        LOAD_POINTS(x, rows + i * TILE_IN, 1) \
        _Pragma("unroll") for (int j = 0; j < SIZE; j++) \
        { \
            real sum = (real)(0.0f); \
            int begun = 0; \
            _Pragma("unroll") for (int k = 0; k < TILE_IN; k++) ADD_TERM(sum, begun, SUMS_OF(j, k, SIZE), x[k]) \
            y[i * SIZE + j] = sum; \
        } \
    } \
}

TRANSFORM_TAPS(transform_taps, TAPS)
TRANSFORM_PRODUCTS(transform_sums, TILE_OUT)
// Compilers take their time over these, whether anybody calls them or not.
#ifndef FORWARD_ONLY
TRANSFORM_TAPS(transform_output_diff, TILE_OUT)
TRANSFORM_PRODUCTS(transform_gradient, TAPS)
#endif
