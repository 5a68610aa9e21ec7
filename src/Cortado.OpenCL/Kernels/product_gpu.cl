// The body of a tile's product, inside a kernel that declares lid and TILE_ROOM, and defines
//   DEPTH_BEGIN, DEPTH_END  the steps of depth
//   LEFT_K_FAST, RIGHT_K_FAST  whether a run, and what neighbouring work-items bring, is of neighbouring steps rather than of neighbouring
//                              rows or columns
//   BEGIN_SLAB(slab)  what is done before a slab is brought
//   LEFT(i, row, step), RIGHT(i, step, column)  an operand's run from there on, 0 outside; i counts what a work-item brings
{
    JOIN(floats, LEFT_VECTOR) next_left[LEFT_EACH];
    JOIN(floats, RIGHT_VECTOR) next_right[RIGHT_EACH];
#pragma unroll
    for (int i = 0; i < WORK_M; i++)
#pragma unroll
        for (int j = 0; j < WORK_N / 4; j++) sums[i][j] = (float4)(0.0f);
    for (int slab = DEPTH_BEGIN, turn = 0; slab < DEPTH_END + TILE_K; slab += TILE_K, turn = SLABS - 1 - turn)
    {
        // The last round brings nothing, the first multiplies nothing.
        if (slab < DEPTH_END)
        {
            BEGIN_SLAB(slab)
#pragma unroll
            for (int i = 0; i < LEFT_EACH; i++)
            {
                int e = (i * THREADS + lid) * LEFT_VECTOR, k = LEFT_K_FAST ? e % TILE_K : e / TILE_M, m = LEFT_K_FAST ? e / TILE_K : e % TILE_M;
                next_left[i] = LEFT(i, m, slab + k);
            }
#pragma unroll
            for (int i = 0; i < RIGHT_EACH; i++)
            {
                int e = (i * THREADS + lid) * RIGHT_VECTOR, k = RIGHT_K_FAST ? e % TILE_K : e / TILE_N, n = RIGHT_K_FAST ? e / TILE_K : e % TILE_N;
                next_right[i] = RIGHT(i, slab + k, n);
            }
        }
        if (slab > DEPTH_BEGIN)
        {
            local const float4* left_now = left_slabs + (SLABS - 1 - turn) * (TILE_K * LEFT_PITCH / 4);
            local const float4* right_now = right_slabs + (SLABS - 1 - turn) * (TILE_K * RIGHT_PITCH / 4);
            // One step's values come while the other's are multiplied. All steps at once would take registers that other work-groups could use.
#pragma unroll 2
            for (int k = 0; k < TILE_K; k++)
            {
                float4 right[WORK_N / 4];
#pragma unroll
                for (int j = 0; j < WORK_N / 4; j++) right[j] = right_now[(k * RIGHT_PITCH + COLUMN_OF(4 * j)) / 4];
#pragma unroll
                for (int i = 0; i < WORK_M / 4; i++)
                {
                    float4 left = left_now[(k * LEFT_PITCH + ROW_OF(4 * i)) / 4];
#pragma unroll
                    for (int j = 0; j < WORK_N / 4; j++)
                    {
                        sums[4 * i][j] = fma((float4)(left.x), right[j], sums[4 * i][j]);
                        sums[4 * i + 1][j] = fma((float4)(left.y), right[j], sums[4 * i + 1][j]);
                        sums[4 * i + 2][j] = fma((float4)(left.z), right[j], sums[4 * i + 2][j]);
                        sums[4 * i + 3][j] = fma((float4)(left.w), right[j], sums[4 * i + 3][j]);
                    }
                }
            }
#if SLABS == 1
            barrier(CLK_LOCAL_MEM_FENCE);
#endif
        }
        if (slab < DEPTH_END)
        {
            local float* left_next = (local float*)left_slabs + turn * (TILE_K * LEFT_PITCH);
            local float* right_next = (local float*)right_slabs + turn * (TILE_K * RIGHT_PITCH);
#pragma unroll
            for (int i = 0; i < LEFT_EACH; i++)
            {
                int e = (i * THREADS + lid) * LEFT_VECTOR;
                if (LEFT_K_FAST) JOIN(scatter, LEFT_VECTOR)(next_left[i], left_next + e % TILE_K * LEFT_PITCH + e / TILE_K, LEFT_PITCH);
                else JOIN(spread, LEFT_VECTOR)(next_left[i], left_next + e / TILE_M * LEFT_PITCH + e % TILE_M);
            }
#pragma unroll
            for (int i = 0; i < RIGHT_EACH; i++)
            {
                int e = (i * THREADS + lid) * RIGHT_VECTOR;
                if (RIGHT_K_FAST) JOIN(scatter, RIGHT_VECTOR)(next_right[i], right_next + e % TILE_K * RIGHT_PITCH + e / TILE_K, RIGHT_PITCH);
                else JOIN(spread, RIGHT_VECTOR)(next_right[i], right_next + e / TILE_N * RIGHT_PITCH + e % TILE_N);
            }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
    }
}
