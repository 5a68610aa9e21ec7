using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>Reads a network's outputs, in Caffe's order, into an array that is used again.</summary>
internal sealed class NetScores
{
    private readonly Net _net;
    private readonly float[] _lossWeights;
    private NetScore[] _scores = Array.Empty<NetScore>();

    public NetScores(Net net)
    {
        _net = net;
        _lossWeights = new float[net.Outputs.Count];
        for (int i = 0; i < _lossWeights.Length; i++) _lossWeights[i] = LossWeight(net, net.Outputs[i]);
    }

    /// <summary>The outputs as they were read.</summary>
    public IReadOnlyList<NetScore> Scores => _scores;

    /// <summary>Says that the outputs of the forward pass just given will be read.</summary>
    public void Begin()
    {
        foreach (Blob output in _net.Outputs) output.Data.BeginHostRead();
    }

    /// <summary>Takes the outputs' values.</summary>
    public void Read() => Take(accumulate: false);

    /// <summary>Adds the outputs' values to those there are.</summary>
    public void Add() => Take(accumulate: true);

    /// <summary>Divides all values.</summary>
    public void DivideBy(int number)
    {
        for (int i = 0; i < _scores.Length; i++) _scores[i] = _scores[i] with { Value = _scores[i].Value / number };
    }

    private static float LossWeight(Net net, Blob output)
    {
        foreach (NetLayer layer in net.Layers)
            for (int j = 0; j < layer.Tops.Length; j++)
                if (ReferenceEquals(layer.Tops[j], output) && layer.LossWeights[j] != 0) return layer.LossWeights[j];
        return 0;
    }

    private void Take(bool accumulate)
    {
        int count = 0;
        for (int i = 0; i < _lossWeights.Length; i++) count += _net.Outputs[i].Count;
        if (_scores.Length != count) _scores = new NetScore[count];
        int at = 0;
        for (int i = 0; i < _lossWeights.Length; i++)
        {
            foreach (float value in _net.Outputs[i].ReadData())
            {
                _scores[at] = new NetScore(_net.Outputs[i].Name, accumulate ? _scores[at].Value + value : value, _lossWeights[i]);
                at++;
            }
        }
    }
}
