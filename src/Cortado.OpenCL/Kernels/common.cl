// Stands before every kernel file.
//
// WIDTH       floats that a work-item takes at a time
// WORK_GROUP  work-items in a work-group, for kernels of elements
// LANES       work-items in a work-group that together sum a run of values; a power of two
#ifndef WIDTH
#define WIDTH 4
#endif
#ifndef WORK_GROUP
#define WORK_GROUP 128
#endif
#ifndef LANES
#define LANES 128
#endif

// Products and sums are rounded one by one, as the managed backend does: these kernels wait for memory, not for arithmetic.
#pragma OPENCL FP_CONTRACT OFF

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define ELEMENT_KERNEL kernel __attribute__((reqd_work_group_size(WORK_GROUP, 1, 1)))
#define LANE_KERNEL kernel __attribute__((reqd_work_group_size(LANES, 1, 1)))
#define SINGLE_KERNEL kernel __attribute__((reqd_work_group_size(1, 1, 1)))

#if WIDTH == 1
typedef float real;
#define LOAD(p) (*(p))
#define STORE(value, p) (*(p) = (value))
#else
typedef JOIN(float, WIDTH) real;
#define LOAD(p) JOIN(vload, WIDTH)(0, p)
#define STORE(value, p) JOIN(vstore, WIDTH)(value, 0, p)
#endif

// Into global memory. Some drivers for CPUs make three pieces of a vstore16.
#if defined(__clang__) && WIDTH >= 8
typedef real loose_real __attribute__((aligned(4)));
#define STORE_GLOBAL(value, p) (*(global loose_real*)(p) = (value))
#else
#define STORE_GLOBAL(value, p) STORE(value, p)
#endif

// Brings memory near that is wanted soon.
#if defined(NO_FETCH) // for simulators that do not know it
#define FETCH(p)
#define FETCH_TO_WRITE(p)
#elif defined(__clang__) && __has_builtin(__builtin_prefetch)
#define FETCH(p) __builtin_prefetch((const void*)(size_t)(p), 0, 2)
#define FETCH_TO_WRITE(p) __builtin_prefetch((const void*)(size_t)(p), 1, 3)
#else
#define FETCH(p) prefetch(p, 16)
#define FETCH_TO_WRITE(p) prefetch(p, 16)
#endif

typedef union { real all; float each[WIDTH]; } lanes_of;

// A run of fewer than WIDTH floats, `rest` of them, in pieces that are powers of two.
#define MOVE_PIECE(n, from, to) if (rest & n) { JOIN(vstore, n)(JOIN(vload, n)(0, from), 0, to); from += n; to += n; }
#define MOVE_LAST(from, to) if (rest & 1) *to = *from;
#if WIDTH > 8
#define MOVE_PIECES(from, to) MOVE_PIECE(8, from, to) MOVE_PIECE(4, from, to) MOVE_PIECE(2, from, to) MOVE_LAST(from, to)
#elif WIDTH > 4
#define MOVE_PIECES(from, to) MOVE_PIECE(4, from, to) MOVE_PIECE(2, from, to) MOVE_LAST(from, to)
#elif WIDTH > 2
#define MOVE_PIECES(from, to) MOVE_PIECE(2, from, to) MOVE_LAST(from, to)
#else
#define MOVE_PIECES(from, to) MOVE_LAST(from, to)
#endif

// WIDTH floats from `at` on, zero beyond `count`.
real load(global const float* p, uint at, uint count)
{
#if WIDTH > 1
    if (at + WIDTH > count)
    {
        lanes_of u;
        u.all = (real)(0.0f);
        uint rest = at < count ? count - at : 0;
        private float* to = u.each;
        p += at;
        MOVE_PIECES(p, to)
        return u.all;
    }
#endif
    return LOAD(p + at);
}

// Writes WIDTH floats from `at` on, none beyond `count`.
void store(real value, global float* p, uint at, uint count)
{
#if WIDTH > 1
    if (at + WIDTH > count)
    {
        lanes_of u;
        u.all = value;
        uint rest = at < count ? count - at : 0;
        private const float* from = u.each;
        p += at;
        MOVE_PIECES(from, p)
        return;
    }
#endif
    STORE_GLOBAL(value, p + at);
}

// The sum of a vector's floats.
float across(real value)
{
#if WIDTH == 1
    return value;
#else
    lanes_of u;
    u.all = value;
    float sum = u.each[0];
    for (uint k = 1; k < WIDTH; k++) sum += u.each[k];
    return sum;
#endif
}

// The sum over the lanes of a work-group, in a fixed order; every lane gets it.
float over_lanes(float value, local float* scratch)
{
#if LANES > 1
    uint lane = get_local_id(0);
    scratch[lane] = value;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint rest = LANES / 2; rest > 0; rest /= 2)
    {
        if (lane < rest) scratch[lane] += scratch[lane + rest];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    value = scratch[0];
    barrier(CLK_LOCAL_MEM_FENCE);
#endif
    return value;
}

// The greatest over the lanes of a work-group; NaN is passed over.
float greatest_over_lanes(float value, local float* scratch)
{
#if LANES > 1
    uint lane = get_local_id(0);
    scratch[lane] = value;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint rest = LANES / 2; rest > 0; rest /= 2)
    {
        if (lane < rest) scratch[lane] = fmax(scratch[lane], scratch[lane + rest]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    value = scratch[0];
    barrier(CLK_LOCAL_MEM_FENCE);
#endif
    return value;
}

// Adds to a sum that keeps what rounding took (Kahan 1965): long sums lose nothing that shows.
void add(float value, float* sum, float* lost)
{
    float y = value - *lost, t = *sum + y;
    // Where the sum is infinite there is nothing to keep, and infinity minus infinity would make it NaN.
    *lost = isfinite(t) ? (t - *sum) - y : 0.0f;
    *sum = t;
}
