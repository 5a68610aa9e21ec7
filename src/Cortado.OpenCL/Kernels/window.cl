// Copies between an array and a box inside it: one element of the box a work-item. Runs of `length` are contiguous in both; the box's outer
// axes have extents, and strides in the whole, that stand in `axes`: extent, stride, extent, stride, ... outermost first.

uint place_in_whole(uint i, uint length, uint origin, global const uint* axes, int rank)
{
    uint run = i / length, place = origin + i % length;
    for (int axis = rank - 1; axis > 0; axis--)
    {
        place += run % axes[2 * axis] * axes[2 * axis + 1];
        run /= axes[2 * axis];
    }
    return rank > 0 ? place + run * axes[1] : place;
}

ELEMENT_KERNEL void window_read(global const float* whole, global float* window, uint count, uint length, uint origin, global const uint* axes, int rank)
{
    uint i = get_global_id(0);
    if (i < count) window[i] = whole[place_in_whole(i, length, origin, axes, rank)];
}

ELEMENT_KERNEL void window_write(global const float* window, global float* whole, uint count, uint length, uint origin, global const uint* axes, int rank)
{
    uint i = get_global_id(0);
    if (i < count) whole[place_in_whole(i, length, origin, axes, rank)] = window[i];
}
