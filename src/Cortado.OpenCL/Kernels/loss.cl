// Losses over positions. A work-group sums a block of BLOCK positions and counts those whose label is not ignored; one work-item then
// adds the blocks in their order and divides. The divisor is at least 1.

#ifndef BLOCK
#define BLOCK 2048
#endif

// As Caffe counts labels: by their whole part. NaN is no label.
bool is_ignored(float label, int has_ignore, int ignore) { return has_ignore && !isnan(label) && (int)label == ignore; }

// The loss from the blocks' sums, times a factor. divisor 0: the number of valid positions.
SINGLE_KERNEL void loss_finish(global const float* sums, global const int* valid, int blocks, float divisor, float factor, global float* loss)
{
    float sum = 0.0f, lost = 0.0f;
    int count = 0;
    for (int i = 0; i < blocks; i++)
    {
        add(sums[i], &sum, &lost);
        count += valid[i];
    }
    loss[0] = sum / (divisor > 0.0f ? divisor : (float)max(count, 1)) * factor;
}

// scale = lossDiff / divisor for a backward pass; divisor 0: the number of labels that are not ignored.
LANE_KERNEL void loss_scale(global const float* labels, uint positions, int has_ignore, int ignore, float divisor, global const float* loss_diff,
    global float* scale)
{
    local float scratch[LANES];
    uint lane = get_local_id(0);
    float valid = 0.0f;
    // Counts are exact in float up to 2^24 a lane.
    if (divisor == 0.0f)
        for (uint i = lane; i < positions; i += LANES) valid += is_ignored(labels[i], has_ignore, ignore) ? 0.0f : 1.0f;
    valid = over_lanes(valid, scratch);
    if (lane == 0) scale[0] = loss_diff[0] / (divisor > 0.0f ? divisor : fmax(valid, 1.0f));
}

// -log of the label's probability. Labels are classes or ignored: the host has looked.
LANE_KERNEL void softmax_loss(global const float* p, global const float* labels, global float* sums, global int* valid, uint positions, int classes,
    uint inner, int has_ignore, int ignore)
{
    local float scratch[LANES];
    uint lane = get_local_id(0), start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, positions);
    float sum = 0.0f, lost = 0.0f, count = 0.0f;
    for (uint i = start + lane; i < end; i += LANES)
    {
        int label = (int)labels[i];
        if (has_ignore && label == ignore) continue;
        float value = p[((size_t)(i / inner) * classes + label) * inner + i % inner];
        add(-log(value < FLT_MIN ? FLT_MIN : value), &sum, &lost);
        count += 1.0f;
    }
    sum = over_lanes(sum, scratch);
    count = over_lanes(count, scratch);
    if (lane == 0)
    {
        sums[get_group_id(0)] = sum;
        valid[get_group_id(0)] = (int)count;
    }
}

// (p - one at the label) * scale; 0 where ignored.
ELEMENT_KERNEL void softmax_loss_backward(global const float* p, global const float* labels, global const float* scale, global float* dx, uint count,
    int classes, uint inner, int has_ignore, int ignore)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    uint row = i / inner;
    int label = (int)labels[row / classes * inner + i % inner];
    float difference = row % classes == label ? p[i] - 1.0f : p[i];
    dx[i] = has_ignore && label == ignore ? 0.0f : difference * scale[0];
}

LANE_KERNEL void sigmoid_loss(global const float* x, global const float* targets, global float* sums, global int* valid, uint positions,
    int has_ignore, int ignore)
{
    local float scratch[LANES];
    uint lane = get_local_id(0), start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, positions);
    float sum = 0.0f, lost = 0.0f, count = 0.0f;
    for (uint i = start + lane; i < end; i += LANES)
    {
        if (is_ignored(targets[i], has_ignore, ignore)) continue;
        float value = x[i], positive = value >= 0.0f ? 1.0f : 0.0f;
        add(log(1.0f + exp(value - 2.0f * value * positive)) - value * (targets[i] - positive), &sum, &lost);
        count += 1.0f;
    }
    sum = over_lanes(sum, scratch);
    count = over_lanes(count, scratch);
    if (lane == 0)
    {
        sums[get_group_id(0)] = sum;
        valid[get_group_id(0)] = (int)count;
    }
}

ELEMENT_KERNEL void sigmoid_loss_backward(global const float* x, global const float* targets, global const float* scale, global float* dx, uint count,
    int has_ignore, int ignore)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    dx[i] = is_ignored(targets[i], has_ignore, ignore) ? 0.0f : (1.0f / (1.0f + exp(-x[i])) - targets[i]) * scale[0];
}

LANE_KERNEL void euclidean_loss(global const float* a, global const float* b, global float* sums, global int* valid, uint positions)
{
    local float scratch[LANES];
    uint lane = get_local_id(0), start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, positions);
    float sum = 0.0f, lost = 0.0f;
    for (uint i = start + lane; i < end; i += LANES)
    {
        float difference = a[i] - b[i];
        add(difference * difference, &sum, &lost);
    }
    sum = over_lanes(sum, scratch);
    if (lane == 0)
    {
        sums[get_group_id(0)] = sum;
        valid[get_group_id(0)] = 0;
    }
}

// da = (a - b) * lossDiff / batch and db its opposite; either may be missing.
ELEMENT_KERNEL void euclidean_loss_backward(global const float* a, global const float* b, global const float* loss_diff, global float* da, global float* db,
    uint count, float batch)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    float gradient = loss_diff[0] / batch * (a[i] - b[i]);
    if (da) da[i] = gradient;
    if (db) db[i] = -gradient;
}

// One against all: 1 - x for the label's score, 1 + x for the others, 0 where less; NaN has none. Positions are scores.
float hinge_margin(float x, bool truth)
{
    float margin = truth ? 1.0f - x : 1.0f + x;
    return margin > 0.0f ? margin : 0.0f;
}

LANE_KERNEL void hinge_loss(global const float* x, global const float* labels, global float* sums, global int* valid, uint positions, int classes,
    int squared)
{
    local float scratch[LANES];
    uint lane = get_local_id(0), start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, positions);
    float sum = 0.0f, lost = 0.0f;
    for (uint i = start + lane; i < end; i += LANES)
    {
        float margin = hinge_margin(x[i], (int)(i % classes) == (int)labels[i / classes]);
        add(squared ? margin * margin : margin, &sum, &lost);
    }
    sum = over_lanes(sum, scratch);
    if (lane == 0)
    {
        sums[get_group_id(0)] = sum;
        valid[get_group_id(0)] = 0;
    }
}

ELEMENT_KERNEL void hinge_loss_backward(global const float* x, global const float* labels, global const float* loss_diff, global float* dx, uint count,
    float batch, int classes, int squared)
{
    uint i = get_global_id(0);
    if (i >= count) return;
    bool truth = (int)(i % classes) == (int)labels[i / classes];
    float margin = hinge_margin(x[i], truth), slope = squared ? 2.0f * margin : margin > 0.0f ? 1.0f : 0.0f;
    dx[i] = (truth ? -slope : slope) * (loss_diff[0] / batch);
}

// -log of the label's probability, of which Caffe takes no less than 1e-20. The comparison lets NaN through.
float likely(float p) { return p < 1e-20f ? 1e-20f : p; }

LANE_KERNEL void logistic_loss(global const float* p, global const float* labels, global float* sums, global int* valid, uint positions, int classes)
{
    local float scratch[LANES];
    uint lane = get_local_id(0), start = (uint)get_group_id(0) * BLOCK, end = min(start + BLOCK, positions);
    float sum = 0.0f, lost = 0.0f;
    for (uint i = start + lane; i < end; i += LANES) add(-log(likely(p[(size_t)i * classes + (int)labels[i]])), &sum, &lost);
    sum = over_lanes(sum, scratch);
    if (lane == 0)
    {
        sums[get_group_id(0)] = sum;
        valid[get_group_id(0)] = 0;
    }
}

ELEMENT_KERNEL void logistic_loss_backward(global const float* p, global const float* labels, global const float* loss_diff, global float* dp, uint count,
    float batch, int classes)
{
    uint i = get_global_id(0);
    if (i < count) dp[i] = (int)(i % classes) == (int)labels[i / classes] ? -loss_diff[0] / batch / likely(p[i]) : 0.0f;
}
