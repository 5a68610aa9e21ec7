using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A matrix product on CPU devices: the kernels of gemm_cpu.cl.</summary>
internal sealed class PanelGemm : IGemm
{
    // Floats of a result of which hardly any would still be in a cache when somebody reads them.
    private const int LeastStream = 4 << 20;

    private readonly OpenClBackend _backend;
    private readonly ThreadKernel _pack, _multiply;
    private readonly Product _product;
    private readonly bool _sharesLeft, _accumulate;
    private readonly int _packTasks;

    /// <summary>As in gemm_cpu.cl.</summary>
    private struct Product
    {
        public int Rows, Columns, Depth, LeftTransposed, RightTransposed, ResultTransposed, Accumulate, Relu, SharesLeft;
        public int BlockDepth, Blocks, LeftPanels, RightPanels, TaskPanels, Tasks, LaneFloats, SumsAt, Stream;
    }

    public PanelGemm(OpenClBackend backend, PanelTuning tuning, GemmShape shape)
    {
        _backend = backend;
        // Of equals, rows of the result that are added to are walked along.
        _sharesLeft = shape.Accumulate ? shape.Rows < shape.Columns : shape.Rows <= shape.Columns;
        _accumulate = shape.Accumulate;
        int leftPanels = PanelTuning.DivideUp(shape.Rows, tuning.Rows), rightPanels = PanelTuning.DivideUp(shape.Columns, tuning.Columns);
        int blocks = Math.Max(1, PanelTuning.DivideUp(shape.Depth, MostDepth(tuning, shape, rightPanels)));
        int depth = PanelTuning.RoundUp(Math.Max(1, PanelTuning.DivideUp(shape.Depth, blocks)), tuning.Width);
        blocks = Math.Max(1, PanelTuning.DivideUp(shape.Depth, depth));
        int panels = _sharesLeft ? rightPanels : leftPanels, others = _sharesLeft ? leftPanels : rightPanels;
        int panelFloats = _sharesLeft ? tuning.RightPanel(depth) : tuning.LeftPanel(depth), threads = backend.Device.ComputeUnits;
        int fits = Math.Min(tuning.Block / 2 / panelFloats, blocks > 1 ? tuning.Block / 2 / (others * tuning.Tile) : int.MaxValue);
        int taskPanels = Math.Max(1, Math.Min(fits, panels / (threads == 1 ? 1 : 8 * threads)));
        int sumsAt = taskPanels * panelFloats, sums = blocks > 1 ? taskPanels * others * tuning.Tile : tuning.Tile;
        _packTasks = blocks * others;
        _product = new Product
        {
            Rows = shape.Rows,
            Columns = shape.Columns,
            Depth = shape.Depth,
            LeftTransposed = shape.LeftTransposed ? 1 : 0,
            RightTransposed = shape.RightTransposed ? 1 : 0,
            ResultTransposed = shape.ResultTransposed ? 1 : 0,
            Accumulate = shape.Accumulate ? 1 : 0,
            SharesLeft = _sharesLeft ? 1 : 0,
            BlockDepth = depth,
            Blocks = blocks,
            LeftPanels = leftPanels,
            RightPanels = rightPanels,
            TaskPanels = taskPanels,
            Tasks = PanelTuning.DivideUp(panels, taskPanels),
            LaneFloats = PanelTuning.RoundUp(checked(sumsAt + sums), 16),
            SumsAt = sumsAt,
        };
        backend.Workspace.Reserve((long)_packTasks * (_sharesLeft ? tuning.LeftPanel(depth) : tuning.RightPanel(depth)) * sizeof(float));
        backend.ThreadRooms.Reserve((long)threads * _product.LaneFloats * sizeof(float));
        _pack = new ThreadKernel(backend, "gemm_cpu.cl", tuning, "gemm_pack");
        _multiply = new ThreadKernel(backend, "gemm_cpu.cl", tuning, "gemm");
    }

    public void Run(DeviceBuffer left, DeviceBuffer right, DeviceBuffer? rowBias, DeviceBuffer? columnBias, bool relu, DeviceBuffer result)
    {
        if (_product.Rows == 0 || _product.Columns == 0) return;
        Product product = _product;
        product.Relu = relu ? 1 : 0;
        DeviceMemory shared = _backend.Workspace.Memory;
        _pack.Kernel.Read(_sharesLeft ? left : right).Memory(shared).Memory(_pack.Counters).Value(product);
        _pack.Run(_packTasks);
        _multiply.Kernel.Memory(shared).Read(_sharesLeft ? right : left).Read(rowBias).Read(columnBias);
        if (_accumulate && ((OpenClBuffer)result).Overwrite(product.Rows * product.Columns)) product.Accumulate = 0;
        product.Stream = product.Accumulate == 0 && (long)product.Rows * product.Columns >= LeastStream ? 1 : 0;
        if (product.Accumulate != 0) _multiply.Kernel.Update(result);
        else _multiply.Kernel.Write(result);
        _multiply.Kernel.Memory(_backend.ThreadRooms.Memory).Memory(_multiply.Counters).Value(product);
        _multiply.Run(product.Tasks);
    }

    // A frozen matrix is packed for each product, as any other.
    public void LeftChanged() { }

    public void Dispose()
    {
        _pack.Dispose();
        _multiply.Dispose();
    }

    /// <summary>
    /// How deep a block may be. Rows that a thread reads for itself are read in longer pieces from a deeper block, which memory likes; that
    /// is affordable while the shared operand's block stays in the second-level cache.
    /// </summary>
    private int MostDepth(PanelTuning tuning, GemmShape shape, int rightPanels)
    {
        if (shape.Accumulate) return 2 * tuning.Depth;
        if (_sharesLeft || shape.LeftTransposed) return tuning.Depth;
        return Math.Max(tuning.Depth, Math.Min(tuning.ConvolutionDepth, tuning.Block / 2 / (rightPanels * tuning.Columns)));
    }
}
