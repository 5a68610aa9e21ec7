// Right answers. counts: seen and right over all, then seen and right of each class. Additions of whole numbers come out the same in
// any order, so they may be atomic.

ELEMENT_KERNEL void accuracy_count(global const float* scores, global const float* labels, global int* counts, uint positions, int classes, uint inner,
    int top_k, int has_ignore, int ignore)
{
    uint i = get_global_id(0);
    if (i >= positions) return;
    int label = (int)labels[i];
    if (has_ignore && label == ignore) return;
    global const float* column = scores + (size_t)(i / inner) * classes * inner + i % inner;
    float score = column[(size_t)label * inner];
    int better = -1; // the label's own score will count as one that is at least as good
    for (int c = 0; c < classes; c++)
        if (column[(size_t)c * inner] >= score) better++;
    atomic_inc(&counts[0]);
    atomic_inc(&counts[2 + 2 * label]);
    if (better >= top_k) return;
    atomic_inc(&counts[1]);
    atomic_inc(&counts[3 + 2 * label]);
}

// accuracy[0], and each class's where wanted; 0 where nothing counts.
ELEMENT_KERNEL void accuracy_finish(global const int* counts, global float* accuracy, global float* each, int classes)
{
    int i = get_global_id(0);
    if (i == 0) accuracy[0] = counts[0] == 0 ? 0.0f : (float)counts[1] / counts[0];
    if (each && i < classes) each[i] = counts[2 + 2 * i] == 0 ? 0.0f : (float)counts[3 + 2 * i] / counts[2 + 2 * i];
}
