using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>Reductions over a network's learnable blobs: the size of the whole gradient, and whether all is finite.</summary>
internal sealed class ParamNorms : IDisposable
{
    private readonly IReadOnlyList<LearnableParam> _params;
    private readonly IVectorNorm[] _norms;

    public ParamNorms(IBackend backend, IReadOnlyList<LearnableParam> all)
    {
        _params = all;
        _norms = new IVectorNorm[all.Count];
        for (int i = 0; i < _norms.Length; i++) _norms[i] = backend.Prepare(new VectorNormSpec(all[i].Blob.Count));
    }

    /// <summary>The L2 norm of the gradient over all learnable blobs.</summary>
    public float Gradient()
    {
        double sum = 0;
        for (int i = 0; i < _norms.Length; i++)
            if (_params[i].Blob.HasDiff) sum += _norms[i].SumOfSquares(_params[i].Blob.Diff);
        return (float)Math.Sqrt(sum);
    }

    /// <summary>The first learnable blob with a value that is not finite, or null.</summary>
    public LearnableParam? FirstNonFinite()
    {
        for (int i = 0; i < _norms.Length; i++)
            if (_norms[i].FirstNonFinite(_params[i].Blob.Data) >= 0) return _params[i];
        return null;
    }

    /// <summary>Whether history arrays (one or two for each learnable blob, in order) are finite.</summary>
    public bool AreFinite(IReadOnlyList<Blob> history)
    {
        for (int i = 0; i < history.Count; i++)
            if (_norms[i % _norms.Length].FirstNonFinite(history[i].Data) >= 0) return false;
        return true;
    }

    public void Dispose()
    {
        foreach (IVectorNorm norm in _norms) norm.Dispose();
    }
}
