using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>Reductions over a network's learnable blobs: the size of the whole gradient, and whether all is finite.</summary>
internal sealed class ParamNorms : IDisposable
{
    private readonly IReadOnlyList<LearnableParam> _params;
    private readonly IBackend _backend;
    private readonly IVectorNorm[] _norms;
    private readonly DeviceBuffer?[] _diffs;
    private IGlobalNorm? _gradient;

    public ParamNorms(IBackend backend, IReadOnlyList<LearnableParam> all)
    {
        _backend = backend;
        _params = all;
        _diffs = new DeviceBuffer?[all.Count];
        _norms = new IVectorNorm[all.Count];
        for (int i = 0; i < _norms.Length; i++) _norms[i] = backend.Prepare(new VectorNormSpec(all[i].Blob.Count));
    }

    /// <summary>The L2 norm of the gradient over all learnable blobs.</summary>
    public float Gradient()
    {
        _gradient ??= PrepareGradient();
        for (int i = 0; i < _diffs.Length; i++) _diffs[i] = _params[i].Blob.HasDiff ? _params[i].Blob.Diff : null;
        return (float)Math.Sqrt(_gradient.SumOfSquares(_diffs));
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
        _gradient?.Dispose();
    }

    private IGlobalNorm PrepareGradient()
    {
        var counts = new int[_params.Count];
        for (int i = 0; i < counts.Length; i++) counts[i] = _params[i].Blob.Count;
        return _backend.Prepare(new GlobalNormSpec(counts));
    }
}
