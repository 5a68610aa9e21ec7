using System.Globalization;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A matrix product on GPUs: the kernels of gemm_gpu.cl.</summary>
internal sealed class TiledGemm : IGemm
{
    // A slice is worth its own sums when it is a few dozen slabs deep.
    private const int LeastSlice = 256;

    private readonly OpenClBackend _backend;
    private readonly TileKernel _tiles;
    private readonly Kernel? _slices;
    private readonly Product _product;
    private readonly int _rowTiles, _columnTiles;

    /// <summary>As in gemm_gpu.cl.</summary>
    private struct Product
    {
        public int Rows, Columns, Depth, ResultTransposed, Accumulate, Relu, Slices, SliceDepth;
    }

    public TiledGemm(OpenClBackend backend, TileTuning tuning, GemmShape shape)
    {
        _backend = backend;
        _rowTiles = PanelTuning.DivideUp(shape.Rows, tuning.TileM);
        _columnTiles = PanelTuning.DivideUp(shape.Columns, tuning.TileN);
        (int slices, int depth) = TileKernel.Slice(backend, tuning, (long)_rowTiles * _columnTiles, shape.Depth, LeastSlice);
        _product = new Product
        {
            Rows = shape.Rows,
            Columns = shape.Columns,
            Depth = shape.Depth,
            ResultTransposed = shape.ResultTransposed ? 1 : 0,
            Accumulate = shape.Accumulate ? 1 : 0,
            Slices = slices,
            SliceDepth = depth,
        };
        ElementTuning single = ElementTuning.Single(backend);
        string options = string.Format(CultureInfo.InvariantCulture, " -D LEFT_TRANSPOSED={0} -D RIGHT_TRANSPOSED={1} {2}",
            shape.LeftTransposed ? 1 : 0, shape.RightTransposed ? 1 : 0, single.CompileOptions);
        _tiles = new TileKernel(backend, "gemm_gpu.cl", tuning, "gemm_tiles", options);
        if (slices == 1) return;
        _slices = backend.CreateKernel("gemm_gpu.cl", tuning.CompileOptions + options, "gemm_slices", single.WorkGroup);
        backend.Workspace.Reserve((long)slices * shape.Rows * shape.Columns * sizeof(float));
    }

    public void Run(DeviceBuffer left, DeviceBuffer right, DeviceBuffer? rowBias, DeviceBuffer? columnBias, bool relu, DeviceBuffer result)
    {
        if (_product.Rows == 0 || _product.Columns == 0) return;
        Product product = _product;
        product.Relu = relu ? 1 : 0;
        if (product.Accumulate != 0 && ((OpenClBuffer)result).Overwrite(product.Rows * product.Columns)) product.Accumulate = 0;
        bool accumulates = product.Accumulate != 0;
        nint partial = _slices == null ? 0 : _backend.Workspace.Memory.Handle;
        Result(_tiles.Kernel.Read(left).Read(right).Read(rowBias).Read(columnBias), result, accumulates).Memory(partial).Value(product);
        _tiles.Run(_rowTiles, _columnTiles, product.Slices);
        if (_slices != null) Result(_slices.Memory(partial).Read(rowBias).Read(columnBias), result, accumulates).Value(product).RunItems((long)product.Rows * product.Columns);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _slices?.Dispose();
    }

    private static Kernel Result(Kernel kernel, DeviceBuffer result, bool accumulates) => accumulates ? kernel.Update(result) : kernel.Write(result);
}
