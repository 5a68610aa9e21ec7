using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>weights * image matrix on GPUs: the kernels of convolution_gpu.cl.</summary>
internal sealed class TiledConvolutionPass : IConvolutionPass
{
    private readonly OpenClBackend _backend;
    private readonly ConvolutionGeometry _geometry;
    private readonly TileKernel _tiles;
    private readonly TilePanels _panels;
    private readonly Kernel? _slices;
    private readonly DeviceTable _places;
    private readonly TiledConvolution _plan;
    private readonly int _pixels, _columnTiles, _rowTiles, _resultVector;

    public TiledConvolutionPass(OpenClBackend backend, TileTuning tuning, ConvolutionGeometry geometry, bool frozen)
    {
        _backend = backend;
        _geometry = geometry;
        _pixels = geometry.Pixels;
        _columnTiles = PanelTuning.DivideUp(_pixels, tuning.TileN);
        _rowTiles = PanelTuning.DivideUp(geometry.Rows, tuning.TileM);
        var plan = new TiledConvolution(geometry);
        _panels = new TilePanels(backend, tuning, plan.Rows, plan.Depth, plan.Groups, frozen);
        (plan.Slices, plan.SliceDepth) = TileKernel.Slice(backend, tuning, (long)_columnTiles * _rowTiles * geometry.Groups, plan.Depth);
        plan.PartialAt = _panels.WorkspaceFloats;
        _plan = plan;
        _places = TiledConvolution.MakePlaces(backend, geometry);
        ElementTuning single = ElementTuning.Single(backend);
        bool dense = TiledConvolution.IsDense(geometry);
        _resultVector = plan.Covers ? tuning.ResultVector(plan.Grid) : 1;
        string options = TiledConvolution.Options(single, dense, tuning.LeftVector(tuning.TileM, alongDepth: false),
            dense ? tuning.RightVector(plan.Grid, alongDepth: false) : 1, _resultVector);
        _tiles = new TileKernel(backend, "convolution_gpu.cl", tuning, "convolution_tiles", options);
        long partial = plan.Slices == 1 ? 0 : (long)plan.Slices * geometry.Groups * geometry.Rows * _pixels;
        backend.Workspace.Reserve((plan.PartialAt + partial) * sizeof(float));
        if (plan.Slices > 1) _slices = backend.CreateKernel("convolution_gpu.cl", tuning.CompileOptions + options, "convolution_slices", single.WorkGroup);
    }

    public void WeightsChanged() => _panels.Changed();

    public void Run(DeviceBuffer source, DeviceBuffer weights, DeviceBuffer? bias, bool relu, DeviceBuffer result)
    {
        if (_pixels == 0) return;
        TiledConvolution plan = _plan;
        plan.Relu = relu ? 1 : 0;
        nint partial = _slices == null ? 0 : _backend.Workspace.Memory.Handle;
        DeviceMemory panels = _panels.Of(weights, _geometry.WeightGroup, _geometry.WeightRow, 0, _places);
        Result(_tiles.Kernel.Read(source).Memory(panels).Read(bias), result).Memory(partial).Memory(_places.Memory).Value(plan);
        _tiles.Run(_columnTiles, _rowTiles, plan.Groups * plan.Slices);
        if (_slices != null) Result(_slices.Memory(partial).Read(bias), result).Value(plan).RunItems((long)plan.Groups * plan.Rows * _pixels / _resultVector);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _panels.Dispose();
        _slices?.Dispose();
        _places.Dispose();
    }

    private Kernel Result(Kernel kernel, DeviceBuffer result) => _plan.Covers ? kernel.Write(result) : kernel.Update(result);
}
