using System.Diagnostics;
using Cortado.Nets;

namespace Cortado.Cli.Timing;

/// <summary>Times every layer's passes through the network's observer: each tick since the last one belongs to the layer just done.</summary>
internal sealed class LayerTimer(int layers, int iterations) : INetObserver
{
    private readonly double[][] _forward = Rows(layers, iterations), _backward = Rows(layers, iterations);
    private long _last;
    private int _iteration = -1;

    /// <summary>Begins a pass over the network.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>Goes to the next iteration's column.</summary>
    public void NextIteration() => _iteration++;

    public void AfterForward(Net net, int layer) => _forward[layer][_iteration] = Lap(net);

    public void AfterBackward(Net net, int layer) => _backward[layer][_iteration] = Lap(net);

    /// <summary>The median over iterations, in milliseconds; 0 where the layer was not called.</summary>
    public double ForwardMs(int layer) => Median.Of(_forward[layer]);

    /// <summary>The median over iterations, in milliseconds; 0 where the layer was not called.</summary>
    public double BackwardMs(int layer) => Median.Of(_backward[layer]);

    private double Lap(Net net)
    {
        net.Backend.Synchronize();
        long now = Stopwatch.GetTimestamp();
        double ms = (now - _last) * 1000.0 / Stopwatch.Frequency;
        _last = now;
        return ms;
    }

    private static double[][] Rows(int layers, int iterations)
    {
        double[][] rows = new double[layers][];
        for (int i = 0; i < layers; i++) rows[i] = new double[iterations];
        return rows;
    }
}
