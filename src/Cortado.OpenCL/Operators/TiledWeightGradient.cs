using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>The gradient of a convolution's weights on GPUs: the kernels of convolution_weights_gpu.cl. Its depth is the pixels of the batch.</summary>
internal sealed class TiledWeightGradient : IConvolutionWeightGradient
{
    private const int LeastSlice = 512;

    private readonly OpenClBackend _backend;
    private readonly TileKernel _tiles;
    private readonly Kernel? _add;
    private readonly DeviceTable _places;
    private readonly TiledConvolution _plan;
    private readonly int _pixels, _weights, _columnTiles, _rowTiles, _resultVector;

    public TiledWeightGradient(OpenClBackend backend, TileTuning tuning, ConvolutionGeometry geometry)
    {
        _backend = backend;
        _pixels = geometry.Pixels;
        var plan = new TiledConvolution(geometry);
        _columnTiles = PanelTuning.DivideUp(plan.Depth, tuning.TileN);
        _rowTiles = PanelTuning.DivideUp(geometry.Rows, tuning.TileM);
        (plan.Slices, plan.SliceDepth) = TileKernel.Slice(backend, tuning, (long)_columnTiles * _rowTiles * geometry.Groups, _pixels, LeastSlice);
        _plan = plan;
        _weights = checked(geometry.Groups * geometry.Rows * plan.Depth);
        _places = TiledConvolution.MakePlaces(backend, geometry);
        ElementTuning single = ElementTuning.Single(backend);
        bool dense = TiledConvolution.IsDense(geometry);
        _resultVector = tuning.ResultVector(plan.Depth);
        string options = TiledConvolution.Options(single, dense, tuning.LeftVector(plan.Grid, alongDepth: true),
            dense ? tuning.RightVector(plan.Grid, alongDepth: true) : 1, _resultVector);
        _tiles = new TileKernel(backend, "convolution_weights_gpu.cl", tuning, "convolution_weight_tiles", options);
        if (plan.Slices == 1) return;
        backend.Workspace.Reserve((long)plan.Slices * _weights * sizeof(float));
        _add = backend.CreateKernel("convolution_weights_gpu.cl", tuning.CompileOptions + options, "convolution_add_weights", single.WorkGroup);
    }

    public void Run(DeviceBuffer source, DeviceBuffer outputDiff, DeviceBuffer weightsDiff)
    {
        if (_pixels == 0) return;
        TiledConvolution plan = _plan;
        // Nothing need be added to zeros that nobody has written yet.
        plan.Accumulate = ((OpenClBuffer)weightsDiff).Overwrite(_weights) ? 0 : 1;
        nint partial = _add == null ? 0 : _backend.Workspace.Memory.Handle;
        Result(_tiles.Kernel.Read(source).Read(outputDiff), weightsDiff, plan).Memory(partial).Memory(_places.Memory).Value(plan);
        _tiles.Run(_columnTiles, _rowTiles, plan.Groups * plan.Slices);
        if (_add != null) Result(_add.Memory(partial), weightsDiff, plan).Value(plan).RunItems(_weights / _resultVector);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _add?.Dispose();
        _places.Dispose();
    }

    private static Kernel Result(Kernel kernel, DeviceBuffer result, TiledConvolution plan) => plan.Accumulate != 0 ? kernel.Update(result) : kernel.Write(result);
}
