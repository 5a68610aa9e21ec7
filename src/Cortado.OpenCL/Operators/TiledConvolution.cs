using Cortado.OpenCL.Runtime;
using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>As in convolution_gpu.cl: a convolution, passed to its kernels by value.</summary>
internal struct TiledConvolution
{
    public int Batch, Groups, Channels, SourceHeight, SourceWidth;
    public int GridHeight, GridWidth, StepY, StepX;
    public int Rows, Depth;
    public int WeightGroup, WeightRow;
    public int ResultHeight, ResultWidth, ResultStepY, ResultStepX, ResultFirstY, ResultFirstX;
    public int Slices, SliceDepth;
    public int Relu;

    public TiledConvolution(ConvolutionGeometry g)
    {
        Batch = g.Batch;
        Groups = g.Groups;
        Channels = g.Channels;
        SourceHeight = g.SourceHeight;
        SourceWidth = g.SourceWidth;
        GridHeight = g.GridHeight;
        GridWidth = g.GridWidth;
        StepY = g.StepY;
        StepX = g.StepX;
        Rows = g.Rows;
        Depth = checked(g.Channels * g.Taps);
        WeightGroup = g.WeightGroup;
        WeightRow = g.WeightRow;
        ResultHeight = g.ResultHeight;
        ResultWidth = g.ResultWidth;
        ResultStepY = g.ResultStepY;
        ResultStepX = g.ResultStepX;
        ResultFirstY = g.ResultFirstY;
        ResultFirstX = g.ResultFirstX;
        Slices = 1;
        SliceDepth = Depth;
        Relu = 0;
    }

    /// <summary>For each row of the image matrix: its weight's place in a row of weights, its value's from the pixel's, rows and columns away.</summary>
    public static DeviceTable MakePlaces(OpenClBackend backend, ConvolutionGeometry g)
    {
        var places = new int[checked(4 * g.Channels * g.Taps)];
        int at = 0;
        for (int channel = 0; channel < g.Channels; channel++)
            for (int tap = 0; tap < g.Taps; tap++)
            {
                places[at++] = channel * g.WeightChannel + g.WeightTaps[tap];
                places[at++] = (channel * g.SourceHeight + g.TapsY[tap]) * g.SourceWidth + g.TapsX[tap];
                places[at++] = g.TapsY[tap];
                places[at++] = g.TapsX[tap];
            }
        return new DeviceTable(backend, places);
    }
}

/// <summary>weights * image matrix on GPUs.</summary>
internal sealed class TiledConvolutionPass : IConvolutionPass
{
    // A slice is worth its own sums when it is a few dozen slabs deep.
    private const int LeastSlice = 256;

    private readonly OpenClBackend _backend;
    private readonly TileKernel _tiles;
    private readonly Kernel? _slices;
    private readonly DeviceTable _places;
    private readonly TiledConvolution _plan;
    private readonly bool _covers;
    private readonly int _pixels, _columnTiles, _rowTiles;

    public TiledConvolutionPass(OpenClBackend backend, TileTuning tuning, ConvolutionGeometry geometry)
    {
        _backend = backend;
        _covers = geometry.ResultStepY == 1 && geometry.ResultStepX == 1;
        _pixels = geometry.Pixels;
        _columnTiles = PanelTuning.DivideUp(_pixels, tuning.TileN);
        _rowTiles = PanelTuning.DivideUp(geometry.Rows, tuning.TileM);
        var plan = new TiledConvolution(geometry);
        (plan.Slices, plan.SliceDepth) = TileKernel.Slice(backend, tuning, (long)_columnTiles * _rowTiles * geometry.Groups, plan.Depth, LeastSlice);
        _plan = plan;
        _places = TiledConvolution.MakePlaces(backend, geometry);
        ElementTuning single = ElementTuning.Single(backend);
        _tiles = new TileKernel(backend, "convolution_gpu.cl", tuning, "convolution_tiles", " " + single.CompileOptions);
        if (plan.Slices == 1) return;
        _slices = backend.CreateKernel("convolution_gpu.cl", tuning.CompileOptions + " " + single.CompileOptions, "convolution_slices", single.WorkGroup);
        backend.Workspace.Reserve((long)plan.Slices * geometry.Groups * geometry.Rows * _pixels * sizeof(float));
    }

    public void WeightsChanged() { }

    public void Run(DeviceBuffer source, DeviceBuffer weights, DeviceBuffer? bias, bool relu, DeviceBuffer result)
    {
        if (_pixels == 0) return;
        TiledConvolution plan = _plan;
        plan.Relu = relu ? 1 : 0;
        nint partial = _slices == null ? 0 : _backend.Workspace.Memory.Handle;
        Result(_tiles.Kernel.Read(source).Read(weights).Read(bias), result).Memory(partial).Memory(_places.Memory).Value(plan);
        _tiles.Run(_columnTiles, _rowTiles, plan.Groups * plan.Slices);
        if (_slices != null) Result(_slices.Memory(partial).Read(bias), result).Value(plan).RunItems((long)plan.Groups * plan.Rows * _pixels);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _slices?.Dispose();
        _places.Dispose();
    }

    private Kernel Result(Kernel kernel, DeviceBuffer result) => _covers ? kernel.Write(result) : kernel.Update(result);
}

/// <summary>The gradient of a convolution's weights on GPUs; its depth is the pixels of the batch.</summary>
internal sealed class TiledWeightGradient : IConvolutionWeightGradient
{
    private const int LeastSlice = 512;

    private readonly OpenClBackend _backend;
    private readonly TileKernel _tiles;
    private readonly Kernel _add;
    private readonly DeviceTable _places;
    private readonly TiledConvolution _plan;
    private readonly int _pixels, _weights, _columnTiles, _rowTiles;

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
        backend.Workspace.Reserve((long)plan.Slices * _weights * sizeof(float));
        _places = TiledConvolution.MakePlaces(backend, geometry);
        ElementTuning single = ElementTuning.Single(backend);
        _tiles = new TileKernel(backend, "convolution_gpu.cl", tuning, "convolution_weight_tiles", " " + single.CompileOptions);
        _add = backend.CreateKernel("convolution_gpu.cl", tuning.CompileOptions + " " + single.CompileOptions, "convolution_add_weights", single.WorkGroup);
    }

    public void Run(DeviceBuffer source, DeviceBuffer outputDiff, DeviceBuffer weightsDiff)
    {
        if (_pixels == 0) return;
        DeviceMemory partial = _backend.Workspace.Memory;
        _tiles.Kernel.Read(source).Read(outputDiff).Memory(partial).Memory(_places.Memory).Value(_plan);
        _tiles.Run(_columnTiles, _rowTiles, _plan.Groups * _plan.Slices);
        _add.Memory(partial).Update(weightsDiff).Number(_weights).Number(_plan.Slices).RunItems(_weights);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _add.Dispose();
        _places.Dispose();
    }
}
