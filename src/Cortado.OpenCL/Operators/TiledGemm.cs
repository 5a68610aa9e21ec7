using System.Globalization;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A matrix product on GPUs: the kernels of gemm_gpu.cl. A frozen left matrix is packed once.</summary>
internal sealed class TiledGemm : IGemm
{
    private readonly OpenClBackend _backend;
    private readonly GemmShape _shape;
    private readonly TileKernel _tiles;
    private readonly TilePanels? _panels;
    private readonly Kernel? _slices;
    private readonly Product _product;
    private readonly int _rowTiles, _columnTiles, _resultVector;

    /// <summary>As in gemm_gpu.cl.</summary>
    private struct Product
    {
        public int Rows, Columns, Depth, Lines, Length, Accumulate, Relu, Slices, SliceDepth;
    }

    public TiledGemm(OpenClBackend backend, TileTuning tuning, GemmShape shape)
    {
        _backend = backend;
        _shape = shape;
        _rowTiles = PanelTuning.DivideUp(shape.Rows, tuning.TileM);
        _columnTiles = PanelTuning.DivideUp(shape.Columns, tuning.TileN);
        (int slices, int depth) = TileKernel.Slice(backend, tuning, (long)_rowTiles * _columnTiles, shape.Depth);
        _product = new Product
        {
            Rows = shape.Rows,
            Columns = shape.Columns,
            Depth = shape.Depth,
            Lines = shape.ResultTransposed ? shape.Columns : shape.Rows,
            Length = shape.ResultTransposed ? shape.Rows : shape.Columns,
            Accumulate = shape.Accumulate ? 1 : 0,
            Slices = slices,
            SliceDepth = depth,
        };
        if (shape.FrozenLeft) _panels = new TilePanels(backend, tuning, shape.Rows, shape.Depth, groups: 1, frozen: true);
        _resultVector = tuning.ResultVector(_product.Length);
        ElementTuning single = ElementTuning.Single(backend);
        int left = shape.FrozenLeft ? tuning.LeftVector(tuning.TileM, alongDepth: false)
            : tuning.LeftVector(shape.LeftTransposed ? shape.Rows : shape.Depth, alongDepth: !shape.LeftTransposed);
        int right = tuning.RightVector(shape.RightTransposed ? shape.Depth : shape.Columns, alongDepth: shape.RightTransposed);
        string options = string.Format(CultureInfo.InvariantCulture,
            " -D LEFT_PACKED={0} -D LEFT_TRANSPOSED={1} -D RIGHT_TRANSPOSED={2} -D RESULT_TRANSPOSED={3} -D LEFT_VECTOR={4} -D RIGHT_VECTOR={5} -D RESULT_VECTOR={6} {7}",
            shape.FrozenLeft ? 1 : 0, shape.LeftTransposed && !shape.FrozenLeft ? 1 : 0, shape.RightTransposed ? 1 : 0, shape.ResultTransposed ? 1 : 0,
            left, right, _resultVector, single.CompileOptions);
        _tiles = new TileKernel(backend, "gemm_gpu.cl", tuning, "gemm_tiles", options);
        if (slices == 1) return;
        _slices = backend.CreateKernel("gemm_gpu.cl", tuning.CompileOptions + options, "gemm_slices", single.WorkGroup);
        backend.Workspace.Reserve((long)slices * shape.Rows * shape.Columns * sizeof(float));
    }

    public void LeftChanged() => _panels?.Changed();

    public void Run(DeviceBuffer left, DeviceBuffer right, DeviceBuffer? rowBias, DeviceBuffer? columnBias, bool relu, DeviceBuffer result)
    {
        if (_product.Rows == 0 || _product.Columns == 0) return;
        Product product = _product;
        product.Relu = relu ? 1 : 0;
        if (product.Accumulate != 0 && ((OpenClBuffer)result).Overwrite(product.Rows * product.Columns)) product.Accumulate = 0;
        bool accumulates = product.Accumulate != 0;
        (DeviceBuffer? lineBias, DeviceBuffer? alongBias) = _shape.ResultTransposed ? (columnBias, rowBias) : (rowBias, columnBias);
        nint partial = _slices == null ? 0 : _backend.Workspace.Memory.Handle;
        if (_panels == null) _tiles.Kernel.Read(left);
        else _tiles.Kernel.Memory(_panels.Of(left, 0, _shape.LeftTransposed ? 1 : _shape.Depth, _shape.LeftTransposed ? _shape.Rows : 1));
        Result(_tiles.Kernel.Read(right).Read(lineBias).Read(alongBias), result, accumulates).Memory(partial).Value(product);
        _tiles.Run(_rowTiles, _columnTiles, product.Slices);
        if (_slices == null) return;
        Result(_slices.Memory(partial).Read(lineBias).Read(alongBias), result, accumulates).Value(product)
            .RunItems((long)product.Rows * product.Columns / _resultVector);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _panels?.Dispose();
        _slices?.Dispose();
    }

    private static Kernel Result(Kernel kernel, DeviceBuffer result, bool accumulates) => accumulates ? kernel.Update(result) : kernel.Write(result);
}
