using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Cli;

/// <summary>The outputs of a network and its loss, averaged over batches.</summary>
internal sealed class NetScore
{
    private readonly Net _net;
    private readonly double[] _sums;
    private double _loss;
    private int _batches;

    /// <summary>Begins with none.</summary>
    public NetScore(Net net)
    {
        _net = net;
        _sums = new double[net.Outputs.Sum(output => output.Count)];
    }

    /// <summary>The mean of the losses.</summary>
    public double Loss => _loss / _batches;

    /// <summary>The means of all outputs' values, one output after the other.</summary>
    public IEnumerable<(Blob Output, double Mean)> Means()
    {
        int index = 0;
        foreach (Blob output in _net.Outputs)
            for (int i = 0; i < output.Count; i++) yield return (output, _sums[index++] / _batches);
    }

    /// <summary>Runs the next batch; <paramref name="seen"/> is told of each value of its outputs.</summary>
    public void Next(Action<Blob, float>? seen = null)
    {
        _net.Forward();
        _loss += _net.Loss();
        int at = 0;
        foreach (Blob output in _net.Outputs)
            foreach (float value in output.ReadData())
            {
                _sums[at++] += value;
                seen?.Invoke(output, value);
            }
        _batches++;
    }

    /// <summary>The factor with which an output counts in the loss; 0 where it does not.</summary>
    public float LossWeight(Blob output)
    {
        foreach (NetLayer layer in _net.Layers)
            for (int i = 0; i < layer.Tops.Length; i++)
                if (ReferenceEquals(layer.Tops[i], output)) return layer.LossWeights[i];
        return 0;
    }
}
