using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>
/// Applies gradients to a network's weights: clipping, normalisation by iter_size, decay and the solver's rule, one fused pass
/// for each learnable blob. Leaves all gradients zero.
/// </summary>
internal sealed class WeightUpdate : IDisposable
{
    private readonly IReadOnlyList<LearnableParam> _params;
    private readonly UpdateRule _rule;
    private readonly ParamNorms _norms;
    private readonly Blob[] _history;
    private readonly bool[] _resting;
    private readonly float _clip, _normalization, _decay;
    private readonly Regularization _regularization;

    public WeightUpdate(IBackend backend, SolverParameter solver, IReadOnlyList<LearnableParam> all, ParamNorms norms)
    {
        _params = all;
        _clip = solver.ClipGradients;
        _normalization = 1f / solver.IterSize;
        _decay = solver.WeightDecay;
        _regularization = solver.RegularizationType switch
        {
            "L2" => Regularization.L2,
            "L1" => Regularization.L1,
            _ => throw new CortadoException($"The solver's regularization_type is '{solver.RegularizationType}'; expected L2 or L1."),
        };
        _rule = UpdateRule.Create(solver);
        _norms = norms;
        _history = new Blob[all.Count * (_rule.HasSecond ? 2 : 1)];
        for (int i = 0; i < _history.Length; i++)
        {
            LearnableParam param = all[i % all.Count];
            _history[i] = new Blob("history " + i, backend, param.Blob.Shape);
        }
        _resting = new bool[all.Count];
        for (int i = 0; i < all.Count; i++) _rule.Prepare(backend, i, all[i].Blob.Count);
        HistoryChanged();
    }

    /// <summary>What the rule remembers of earlier gradients, in Caffe's order: all first arrays, then all second ones.</summary>
    public IReadOnlyList<Blob> History => _history;

    /// <summary>Says that the history was set from outside: a frozen blob is passed over only while its history is zero.</summary>
    public void HistoryChanged()
    {
        for (int i = 0; i < _resting.Length; i++)
            _resting[i] = _rule.RestsAtRateZero && _params[i].LrMult == 0 && IsZero(_history[i].ReadData());
    }

    /// <summary>Updates all weights.</summary>
    public void Apply(float rate, int iteration, IterationReport report)
    {
        float clipScale = 1;
        report.GradientNorm = null;
        if (_clip >= 0)
        {
            float norm = _norms.Gradient();
            if (norm > _clip) clipScale = _clip / norm;
            report.GradientNorm = norm;
        }
        report.ClipScale = clipScale;
        for (int i = 0; i < _params.Count; i++)
        {
            Blob blob = _params[i].Blob;
            if (_resting[i])
            {
                if (blob.HasDiff) blob.Diff.Clear();
                continue;
            }
            var terms = new GradientTerms(clipScale, _normalization, _decay * _params[i].DecayMult, _regularization);
            DeviceBuffer? second = _rule.HasSecond ? _history[_params.Count + i].Data : null;
            _rule.Apply(i, new ParamUpdate(blob.Data, blob.Diff, _history[i].Data, second, terms, rate * _params[i].LrMult, iteration));
        }
    }

    public void Dispose()
    {
        _rule.Dispose();
        foreach (Blob blob in _history) blob.Dispose();
    }

    private static bool IsZero(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (value != 0) return false;
        return true;
    }
}
