// The body of a tile's product, inside a kernel that declares lid, left_slab, right_slab and sums, and defines
//   DEPTH_BEGIN, DEPTH_END  the steps of depth
//   LEFT_K_FAST, RIGHT_K_FAST  whether neighbouring work-items bring neighbouring steps rather than neighbouring rows or columns
//   LEFT(i, row, step), RIGHT(i, step, column)  an operand's value, 0 outside; i counts what a work-item brings
{
    float next_left[LEFT_EACH], next_right[RIGHT_EACH];
    int thread_m = lid / THREADS_N, thread_n = lid % THREADS_N;
#pragma unroll
    for (int i = 0; i < WORK_M * WORK_N; i++) sums[i] = 0.0f;
    for (int slab = DEPTH_BEGIN; slab < DEPTH_END + TILE_K; slab += TILE_K)
    {
        // The last round brings nothing, the first multiplies nothing.
        if (slab < DEPTH_END)
        {
            BEGIN_SLAB(slab)
#pragma unroll
            for (int i = 0; i < LEFT_EACH; i++)
            {
                int e = i * THREADS + lid, k = LEFT_K_FAST ? e % TILE_K : e / TILE_M, m = LEFT_K_FAST ? e / TILE_K : e % TILE_M;
                next_left[i] = slab + k < DEPTH_END ? LEFT(i, m, slab + k) : 0.0f;
            }
#pragma unroll
            for (int i = 0; i < RIGHT_EACH; i++)
            {
                int e = i * THREADS + lid, k = RIGHT_K_FAST ? e % TILE_K : e / TILE_N, n = RIGHT_K_FAST ? e / TILE_K : e % TILE_N;
                next_right[i] = slab + k < DEPTH_END ? RIGHT(i, slab + k, n) : 0.0f;
            }
        }
        if (slab > DEPTH_BEGIN)
        {
            for (int k = 0; k < TILE_K; k++)
            {
                float4 left[WORK_M / 4], right[WORK_N / 4];
#pragma unroll
                for (int i = 0; i < WORK_M / 4; i++) left[i] = vload4(0, left_slab + k * LEFT_PITCH + ROW_OF(4 * i));
#pragma unroll
                for (int j = 0; j < WORK_N / 4; j++) right[j] = vload4(0, right_slab + k * RIGHT_PITCH + COLUMN_OF(4 * j));
#pragma unroll
                for (int i = 0; i < WORK_M; i++)
                {
                    float x = i % 4 == 0 ? left[i / 4].x : i % 4 == 1 ? left[i / 4].y : i % 4 == 2 ? left[i / 4].z : left[i / 4].w;
#pragma unroll
                    for (int j = 0; j < WORK_N / 4; j++)
                    {
                        sums[i * WORK_N + 4 * j] = fma(x, right[j].x, sums[i * WORK_N + 4 * j]);
                        sums[i * WORK_N + 4 * j + 1] = fma(x, right[j].y, sums[i * WORK_N + 4 * j + 1]);
                        sums[i * WORK_N + 4 * j + 2] = fma(x, right[j].z, sums[i * WORK_N + 4 * j + 2]);
                        sums[i * WORK_N + 4 * j + 3] = fma(x, right[j].w, sums[i * WORK_N + 4 * j + 3]);
                    }
                }
            }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (slab < DEPTH_END)
        {
#pragma unroll
            for (int i = 0; i < LEFT_EACH; i++)
            {
                int e = i * THREADS + lid, k = LEFT_K_FAST ? e % TILE_K : e / TILE_M, m = LEFT_K_FAST ? e / TILE_K : e % TILE_M;
                left_slab[k * LEFT_PITCH + m] = next_left[i];
            }
#pragma unroll
            for (int i = 0; i < RIGHT_EACH; i++)
            {
                int e = i * THREADS + lid, k = RIGHT_K_FAST ? e % TILE_K : e / TILE_N, n = RIGHT_K_FAST ? e / TILE_K : e % TILE_N;
                right_slab[k * RIGHT_PITCH + n] = next_right[i];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
    }
}
