namespace Cortado.Solvers;

/// <summary>What a test of one test network gave. The object is used again by the network's next test.</summary>
public sealed class TestReport
{
    private readonly NetScores _scores;

    internal TestReport(int net, NetScores scores)
    {
        Net = net;
        _scores = scores;
    }

    /// <summary>The test network's number, from 0.</summary>
    public int Net { get; }

    /// <summary>Updates done before the test.</summary>
    public int Iteration { get; internal set; }

    /// <summary>Batches that were averaged (<c>test_iter</c>).</summary>
    public int Batches { get; internal set; }

    /// <summary>The network's outputs in Caffe's order, each averaged over the batches.</summary>
    public IReadOnlyList<NetScore> Scores => _scores.Scores;

    /// <summary>The whole loss averaged over the batches, where <c>test_compute_loss</c> asks for it.</summary>
    public float? Loss { get; internal set; }

    /// <summary>How long the test took.</summary>
    public double Seconds { get; internal set; }

    /// <summary>The mean of an output's values, or null where there is no such output.</summary>
    /// <param name="output">The output's name, such as <c>accuracy</c>.</param>
    public float? Score(string output)
    {
        float sum = 0;
        int count = 0;
        for (int i = 0; i < Scores.Count; i++)
        {
            if (Scores[i].Name != output) continue;
            sum += Scores[i].Value;
            count++;
        }
        return count == 0 ? null : sum / count;
    }
}
