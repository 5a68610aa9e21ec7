using System.Diagnostics;
using Cortado.Nets;

namespace Cortado.Cli.Timing;

/// <summary>One layer's line in a timing.</summary>
internal sealed record LayerTiming(string Name, string Type, double ForwardMs, double BackwardMs, long ForwardFlops, long BackwardFlops,
    long ForwardBytes, long BackwardBytes, bool Fused);

/// <summary>What a network's passes take, in milliseconds: medians over iterations.</summary>
internal sealed record NetTiming(double ForwardMs, double? ForwardBackwardMs, IReadOnlyList<LayerTiming> Layers)
{
    private const int WarmUps = 2;

    public long ForwardFlops => Layers.Sum(layer => layer.ForwardFlops);

    public long BackwardFlops => Layers.Sum(layer => layer.BackwardFlops);

    /// <summary>
    /// Times a network whose inputs are filled. Whole passes are timed without an observer, layers in passes of their own:
    /// the sum over layers therefore differs a little from the whole.
    /// </summary>
    public static NetTiming Measure(Net net, int iterations, bool backward, Action<int, int> progress, CancellationToken cancel)
    {
        int rounds = WarmUps + iterations, total = rounds * (backward ? 3 : 2), done = 0;
        double[] forward = Times(() => Forward(net));
        double[]? both = backward ? Times(() => ForwardBackward(net)) : null;
        var timer = new LayerTimer(net.Layers.Count, iterations);
        for (int i = 0; i < iterations; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (backward) net.ClearParamDiffs();
            net.Observer = timer;
            timer.NextIteration();
            net.Backend.Synchronize();
            timer.Start();
            net.Forward();
            net.Loss();
            timer.Start();
            if (backward) net.Backward();
            net.Observer = null;
            progress(++done, total);
        }
        var layers = new List<LayerTiming>();
        for (int i = 0; i < net.Layers.Count; i++)
        {
            NetLayer placed = net.Layers[i];
            layers.Add(new LayerTiming(placed.Layer.Name, placed.Layer.Type, timer.ForwardMs(i), timer.BackwardMs(i),
                LayerWork.Forward(placed), backward ? LayerWork.Backward(placed) : 0,
                LayerWork.ForwardBytes(placed), backward ? LayerWork.BackwardBytes(placed) : 0, placed.FusedAway));
        }
        return new NetTiming(Median.Of(forward), both == null ? null : Median.Of(both), layers);

        double[] Times(Action pass)
        {
            double[] times = new double[iterations];
            for (int i = -WarmUps; i < iterations; i++)
            {
                cancel.ThrowIfCancellationRequested();
                if (backward) net.ClearParamDiffs();
                long start = Stopwatch.GetTimestamp();
                pass();
                double ms = (Stopwatch.GetTimestamp() - start) * 1000.0 / Stopwatch.Frequency;
                if (i >= 0) times[i] = ms;
                progress(++done, total);
            }
            return times;
        }
    }

    private static void Forward(Net net)
    {
        net.Forward();
        net.Backend.Synchronize();
    }

    private static void ForwardBackward(Net net)
    {
        net.Forward();
        net.Backward();
        net.Loss();
        net.Backend.Synchronize();
    }
}
