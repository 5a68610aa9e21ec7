using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Nets;

namespace Cortado.Solvers;

/// <summary>The size of a network's whole gradient, for <c>clip_gradients</c>.</summary>
internal sealed class GradientNorm : IDisposable
{
    private readonly IReadOnlyList<LearnableParam> _params;
    private readonly IVectorNorm[] _norms;

    public GradientNorm(IBackend backend, IReadOnlyList<LearnableParam> all)
    {
        _params = all;
        _norms = new IVectorNorm[all.Count];
        for (int i = 0; i < _norms.Length; i++) _norms[i] = backend.Prepare(new VectorNormSpec(all[i].Blob.Count));
    }

    /// <summary>The L2 norm over all learnable blobs.</summary>
    public float Compute()
    {
        double sum = 0;
        for (int i = 0; i < _norms.Length; i++)
            if (_params[i].Blob.HasDiff) sum += _norms[i].SumOfSquares(_params[i].Blob.Diff);
        return (float)Math.Sqrt(sum);
    }

    public void Dispose()
    {
        foreach (IVectorNorm norm in _norms) norm.Dispose();
    }
}
