// Runs of one, two, four or eight floats that lie together. They go between global memory, registers and local memory as vectors.
typedef float floats1;
typedef float2 floats2;
typedef float4 floats4;
typedef float8 floats8;

// The run at a place that is a multiple of its length. A vload may be from anywhere, for which some compilers take float after float.
#define RUN(length, p) (*(global const JOIN(floats, length)*)(p))

// To neighbouring places of a row in local memory, whose rows begin at multiples of four.
void spread1(float v, local float* to) { *to = v; }
void spread2(float2 v, local float* to) { *(local float2*)to = v; }
void spread4(float4 v, local float* to) { *(local float4*)to = v; }
void spread8(float8 v, local float* to) { spread4(v.lo, to); spread4(v.hi, to + 4); }

// To the same place of neighbouring rows.
void scatter1(float v, local float* to, int pitch) { *to = v; }
void scatter2(float2 v, local float* to, int pitch) { to[0] = v.lo; to[pitch] = v.hi; }
void scatter4(float4 v, local float* to, int pitch) { scatter2(v.lo, to, pitch); scatter2(v.hi, to + 2 * pitch, pitch); }
void scatter8(float8 v, local float* to, int pitch) { scatter4(v.lo, to, pitch); scatter4(v.hi, to + 4 * pitch, pitch); }

// RESULT_VECTOR  floats of a result that are written at a time: 1, 2 or 4. Where it is more than 1, runs lie at multiples of it, and none
//                reaches beyond the end of what it belongs to
#ifndef RESULT_VECTOR
#define RESULT_VECTOR 1
#endif
typedef JOIN(floats, RESULT_VECTOR) run;
#define RESULT(p) (*(global run*)(p))

// Does something with each run of four neighbouring sums: with its place among the four, and the components that it has.
#if RESULT_VECTOR == 4
#define EACH_RUN(DO) DO(0, xyzw)
#elif RESULT_VECTOR == 2
#define EACH_RUN(DO) DO(0, xy) DO(2, zw)
#else
#define EACH_RUN(DO) DO(0, x) DO(1, y) DO(2, z) DO(3, w)
#endif

// As Caffe compares: NaN passes, and -infinity becomes NaN.
run rectified(run x, int relu)
{
    run zero = (run)(0.0f);
    return relu ? (x < 0.0f ? zero : x) + 0.0f * (x > 0.0f ? zero : x) : x;
}
