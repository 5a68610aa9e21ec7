// A tile of sums in registers: TILE_ROWS rows of TILE_VECTORS vectors. Whoever includes this defines the two and TILE_NAME.
// tile (+)= left panel * right panel.
void TILE_NAME(global const float* a, global const float* b, int depth, global float* tile, int accumulate, ahead soon)
{
    real c[TILE_ROWS][TILE_VECTORS];
#pragma unroll
    for (int r = 0; r < TILE_ROWS; r++)
#pragma unroll
        for (int v = 0; v < TILE_VECTORS; v++) c[r][v] = accumulate ? LOAD(tile + r * COLUMNS + v * WIDTH) : (real)(0.0f);
    for (; depth > 0; depth -= WIDTH, a += (ROWS - 1) * WIDTH, soon.next += soon.step)
    {
        int steps = min(depth, WIDTH);
        for (int r = 0; r < soon.rows; r++) FETCH(soon.next + r * soon.pitch);
        for (int s = 0; s < steps; s++, a++, b += COLUMNS)
        {
            real x[TILE_VECTORS];
#pragma unroll
            for (int v = 0; v < TILE_VECTORS; v++) x[v] = LOAD(b + v * WIDTH);
#pragma unroll
            for (int r = 0; r < TILE_ROWS; r++)
            {
                real y = (real)(a[r * WIDTH]);
#pragma unroll
                for (int v = 0; v < TILE_VECTORS; v++) c[r][v] = fma(y, x[v], c[r][v]);
            }
        }
    }
#pragma unroll
    for (int r = 0; r < TILE_ROWS; r++)
#pragma unroll
        for (int v = 0; v < TILE_VECTORS; v++) STORE_GLOBAL(c[r][v], tile + r * COLUMNS + v * WIDTH);
}
