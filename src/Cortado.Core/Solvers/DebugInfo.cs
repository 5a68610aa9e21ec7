using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>The lines of <c>debug_info</c>: the mean magnitude of every blob, weight and gradient, in Caffe's words.</summary>
internal sealed class DebugInfo : INetObserver
{
    private readonly Action<string> _write;
    private INetObserver? _next;

    public DebugInfo(Action<string> write) => _write = write;

    /// <summary>Listens to a network in front of whoever listens already.</summary>
    public void Attach(Net net)
    {
        _next = net.Observer;
        net.Observer = this;
    }

    /// <summary>Gives the network back to who listened before.</summary>
    public void Detach(Net net)
    {
        net.Observer = _next;
        _next = null;
    }

    public void AfterForward(Net net, int layer)
    {
        _next?.AfterForward(net, layer);
        NetLayer placed = net.Layers[layer];
        foreach (Blob top in placed.Tops)
            _write($"    [Forward] Layer {placed.Layer.Name}, top blob {top.Name} data: {Mean(top.ReadData())}");
        for (int i = 0; i < placed.Layer.Blobs.Count; i++)
            _write($"    [Forward] Layer {placed.Layer.Name}, param blob {ParamName(placed, i)} data: {Mean(placed.Layer.Blobs[i].ReadData())}");
    }

    public void AfterBackward(Net net, int layer)
    {
        _next?.AfterBackward(net, layer);
        NetLayer placed = net.Layers[layer];
        for (int i = 0; i < placed.Bottoms.Length; i++)
            if (placed.PropagateDown[i])
                _write($"    [Backward] Layer {placed.Layer.Name}, bottom blob {placed.Bottoms[i].Name} diff: {Mean(placed.Bottoms[i].ReadDiff())}");
        for (int i = 0; i < placed.Layer.Blobs.Count; i++)
            if (placed.Layer.ParamPropagateDown[i])
                _write($"    [Backward] Layer {placed.Layer.Name}, param blob {ParamName(placed, i)} diff: {Mean(placed.Layer.Blobs[i].ReadDiff())}");
    }

    /// <summary>The line at the end of a backward pass.</summary>
    public void AllParams(Net net)
    {
        double sumData = 0, sumDiff = 0, squaresData = 0, squaresDiff = 0;
        foreach (LearnableParam param in net.Params)
        {
            Add(param.Blob.ReadData(), ref sumData, ref squaresData);
            if (param.Blob.HasDiff) Add(param.Blob.ReadDiff(), ref sumDiff, ref squaresDiff);
        }
        _write($"    [Backward] All net params (data, diff): L1 norm = ({CaffeNumber.Format(sumData)}, {CaffeNumber.Format(sumDiff)}); L2 norm = ({CaffeNumber.Format(Math.Sqrt(squaresData))}, {CaffeNumber.Format(Math.Sqrt(squaresDiff))})");
    }

    private static string ParamName(NetLayer placed, int index)
    {
        string name = index < placed.Layer.Parameter.Param.Count ? placed.Layer.Parameter.Param[index].Name : "";
        return name.Length > 0 ? name : FormattableString.Invariant($"{index}");
    }

    private static string Mean(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        Add(values, ref sum, ref squares);
        return CaffeNumber.Format(sum / values.Length);
    }

    private static void Add(ReadOnlySpan<float> values, ref double sum, ref double squares)
    {
        foreach (float value in values)
        {
            sum += Math.Abs(value);
            squares += (double)value * value;
        }
    }
}
