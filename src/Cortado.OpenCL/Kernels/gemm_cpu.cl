// result (+)= left * right for dense matrices, on CPU devices. The smaller operand is packed once, for all tasks; a task packs a block of
// the larger one into its own room and computes all that needs it. Sums run along the depth in the same order however tasks fall.
#include "panels_cpu.cl"

typedef struct
{
    int rows, columns, depth;                                // of the product and its sums
    int left_transposed, right_transposed, result_transposed; // stored (depth, rows), (columns, depth), (columns, rows)
    int accumulate, relu;                                    // added to what is there; followed by a ReLU
    int shares_left;                                         // whether the left operand is the one packed for all
    int block_depth, blocks;                                 // cuts of the depth
    int left_panels, right_panels, task_panels, tasks;
    int lane_floats, sums_at;                                // a thread's room, and where its sums lie in it
    int stream;                                              // whether the result is too large for the caches: it goes past them
} product;

// Past the caches, into whole cache lines that need not be read first. What the last thread to leave does to the counters also orders it.
#if defined(__clang__) && !defined(NO_FETCH) && __has_builtin(__builtin_nontemporal_store) && WIDTH >= 8
#define STREAM(value, p) __builtin_nontemporal_store(value, (global real*)(p))
#define CAN_STREAM(p, columns) (((size_t)(p) & (sizeof(real) - 1)) == 0 && (columns) % WIDTH == 0)
#else
#define STREAM(value, p) STORE_GLOBAL(value, p)
#define CAN_STREAM(p, columns) 0
#endif

int depth_of(const product* p, int block) { return min(p->block_depth, p->depth - block * p->block_depth); }

void pack_left(const product* p, global const float* left, int block, int panel, global float* target)
{
    uint row = panel * ROWS, step = block * p->block_depth, count = (uint)p->rows * p->depth;
    int rows = min(ROWS, p->rows - (int)row);
    if (p->left_transposed) pack_left_columns(left, count, step * p->rows + row, p->rows, rows, depth_of(p, block), target);
    else pack_left_rows(left, count, row * p->depth + step, p->depth, rows, depth_of(p, block), target);
}

// Right panels [first, end), one behind the other.
void pack_right(const product* p, global const float* right, int block, int first, int end, global float* target)
{
    int depth = depth_of(p, block);
    uint step = block * p->block_depth, count = (uint)p->columns * p->depth;
    if (p->right_transposed)
    {
        for (int panel = first; panel < end; panel++, target += RIGHT_PANEL(p->block_depth))
            pack_right_columns(right, count, (uint)(panel * COLUMNS) * p->depth + step, p->depth, min(COLUMNS, p->columns - panel * COLUMNS), depth, target);
        return;
    }
    // Step by step across all panels: a step's columns lie together in memory.
    int begin = first * COLUMNS, last = min(end * COLUMNS, p->columns);
    for (int d = 0; d < depth; d++)
    {
        global const float* line = right + (size_t)(step + d) * p->columns;
        global float* to = target + d * COLUMNS;
        for (int column = begin; column < last; column += COLUMNS, to += RIGHT_PANEL(p->block_depth))
        {
            STORE_GLOBAL(load(line, column, last), to);
            STORE_GLOBAL(column + WIDTH < last ? load(line, column + WIDTH, last) : (real)(0.0f), to + WIDTH);
        }
    }
}

THREAD_KERNEL void gemm_pack(global const float* matrix, global float* shared, volatile global int* counters, const product p)
{
    int panels = p.shares_left ? p.left_panels : p.right_panels;
    FOR_EACH_TASK(counters, p.blocks * panels)
    {
        int block = task / panels, panel = task % panels;
        if (p.shares_left) pack_left(&p, matrix, block, panel, shared + (size_t)task * LEFT_PANEL(p.block_depth));
        else pack_right(&p, matrix, block, panel, panel + 1, shared + (size_t)task * RIGHT_PANEL(p.block_depth));
    }
    leave(counters);
}

// Adds a tile to the result, or copies it there.
void put_tile(const product* p, global const float* tile, global float* result, int row, int rows, int column, int columns)
{
    if (p->result_transposed)
    {
        for (int side = 0; side < columns; side += WIDTH)
        {
            real v[WIDTH];
#pragma unroll
            for (int i = 0; i < WIDTH; i++) v[i] = i < ROWS ? LOAD(tile + min(i, ROWS - 1) * COLUMNS + side) : (real)(0.0f);
            transpose(v);
            global float* to = result + (size_t)(column + side) * p->rows + row;
#pragma unroll
            for (int i = 0; i < WIDTH; i++)
                if (side + i < columns) put_floats(v[i], to + (size_t)i * p->rows, rows, 0);
        }
        return;
    }
    result += (size_t)row * p->columns + column;
    if (p->stream && columns == COLUMNS && CAN_STREAM(result, p->columns))
    {
        for (int r = 0; r < rows; r++, tile += COLUMNS, result += p->columns)
        {
            STREAM(LOAD(tile), result);
            STREAM(LOAD(tile + WIDTH), result + WIDTH);
        }
        return;
    }
    for (int r = 0; r < rows; r++, tile += COLUMNS, result += p->columns)
    {
        put_floats(LOAD(tile), result, columns, p->accumulate);
        if (columns > WIDTH) put_floats(LOAD(tile + WIDTH), result + WIDTH, columns - WIDTH, p->accumulate);
    }
}

// What the thread will pack next, so that memory delivers it while the sums run; spread over so many tiles. The last block of a task
// guesses that every thread takes one task before this one takes its next.
ahead next_block(const product* p, global const float* matrix, int task, int block)
{
    ahead soon = NOTHING_AHEAD;
    if (block == p->blocks)
    {
        block = 0;
        task += get_num_groups(0);
    }
    uint first = task * p->task_panels, step = block * p->block_depth;
    if (task >= p->tasks || (p->shares_left ? p->right_transposed : p->left_transposed)) return soon;
    soon.step = WIDTH;
    soon.pitch = p->shares_left ? p->columns : p->depth;
    soon.next = p->shares_left ? matrix + (size_t)step * p->columns + first * COLUMNS : matrix + (size_t)first * ROWS * p->depth + step;
    soon.rows = p->shares_left ? depth_of(p, block) : min(p->task_panels * ROWS, p->rows - (int)first * ROWS);
    return soon;
}

THREAD_KERNEL void gemm(global const float* shared, global const float* matrix, global const float* row_bias, global const float* column_bias,
    global float* result, global float* lanes, volatile global int* counters, const product p)
{
    global float* own = lanes + (size_t)get_group_id(0) * p.lane_floats;
    global float* sums = own + p.sums_at;
    int shared_panels = p.shares_left ? p.left_panels : p.right_panels, own_panels = p.shares_left ? p.right_panels : p.left_panels;
    int left_floats = LEFT_PANEL(p.block_depth), right_floats = RIGHT_PANEL(p.block_depth);
    int shared_floats = p.shares_left ? left_floats : right_floats, own_floats = p.shares_left ? right_floats : left_floats;
    FOR_EACH_TASK(counters, p.tasks)
    {
        int first = task * p.task_panels, end = min(own_panels, first + p.task_panels);
        for (int block = 0; block < p.blocks; block++)
        {
            int depth = depth_of(&p, block);
            if (p.shares_left) pack_right(&p, matrix, block, first, end, own);
            else
                for (int panel = first; panel < end; panel++) pack_left(&p, matrix, block, panel, own + (size_t)(panel - first) * left_floats);
            ahead soon = next_block(&p, matrix, task, block + 1);
            int left_ahead = soon.rows, share = (soon.rows + shared_panels * (end - first) - 1) / (shared_panels * (end - first));
            for (int s = 0; s < shared_panels; s++)
                for (int o = first; o < end; o++)
                {
                    soon.rows = min(share, left_ahead);
                    global const float* theirs = shared + ((size_t)block * shared_panels + s) * shared_floats;
                    global const float* mine = own + (size_t)(o - first) * own_floats;
                    global float* tile = p.blocks == 1 ? sums : sums + (size_t)(s * p.task_panels + o - first) * TILE;
                    int row = (p.shares_left ? s : o) * ROWS, column = (p.shares_left ? o : s) * COLUMNS;
                    int rows = min(ROWS, p.rows - row), columns = min(COLUMNS, p.columns - column);
                    if (block == p.blocks - 1 && !p.result_transposed && !p.stream)
                        for (int r = 0; r < rows; r++)
                        {
                            global float* line = result + (size_t)(row + r) * p.columns + column;
                            FETCH_TO_WRITE(line);
                            FETCH_TO_WRITE(line + min(columns - 1, WIDTH));
                        }
                    multiply(p.shares_left ? theirs : mine, p.shares_left ? mine : theirs, depth, tile, block > 0, rows, columns, soon);
                    soon.next += share * soon.pitch;
                    left_ahead -= soon.rows;
                    if (block < p.blocks - 1) continue;
                    if (row_bias || column_bias || p.relu)
                        finish(tile, rows, columns, row_bias ? row_bias + row : row_bias, column_bias ? column_bias + column : column_bias, p.relu);
                    put_tile(&p, tile, result, row, rows, column, columns);
                }
        }
    }
    leave(counters);
}
