// Convolutions on GPUs, as products with the image matrix: a column for each position of a grid over all images of the batch (a pixel), a
// row for each channel and tap. The matrix lies nowhere: its values are read from the images as they are wanted.
//
// IMAGE_DENSE  1 where the matrix is the images themselves: a single tap at step 1 without pad. Then runs of it may be read
#include "tiles_gpu.cl"
#ifndef IMAGE_DENSE
#define IMAGE_DENSE 0
#endif

typedef struct
{
    int batch, groups, channels, source_height, source_width;
    int grid_height, grid_width, step_y, step_x;
    int rows, depth; // channels of the result in one group; channels * taps
    int result_height, result_width, result_step_y, result_step_x, result_first_y, result_first_x;
    // The depth is cut into slices where there are too few tiles for the device; each slice's sums go to a matrix of their own.
    int slices, slice_depth, partial_at;
    int relu, accumulate;
} convolution;

// Of each row of the matrix: where its weight lies in a row of weights, where its value lies from the pixel's place in the source, and how
// many source rows and columns that is away.
typedef int4 place;

// A pixel of the grid: the source's row and column at tap (0, 0), and where that lies in the group's channel 0.
typedef struct
{
    int y, x, at;
} pixel;

pixel pixel_at(const convolution* g, int group, int index)
{
    int grid = g->grid_height * g->grid_width, image = index / grid, inside = index % grid;
    pixel q;
    q.y = inside / g->grid_width * g->step_y;
    q.x = inside % g->grid_width * g->step_x;
    q.at = ((image * g->groups + group) * g->channels * g->source_height + q.y) * g->source_width + q.x;
    return q;
}

// The run of the matrix from a pixel on in row `step`.
JOIN(floats, RIGHT_VECTOR) image_run(const convolution* g, global const float* source, global const place* places, pixel q, int step)
{
#if IMAGE_DENSE
    return RUN(RIGHT_VECTOR, source + q.at + step * g->source_height * g->source_width);
#else
    place p = places[step];
    return (uint)(q.y + p.z) < (uint)g->source_height && (uint)(q.x + p.w) < (uint)g->source_width ? source[q.at + p.y] : 0.0f;
#endif
}
