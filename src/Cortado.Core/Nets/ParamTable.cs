using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Nets;

/// <summary>Collects learnable blobs in order, joins those that share a name, and keeps their multipliers.</summary>
internal sealed class ParamTable
{
    private readonly List<LearnableParam> _params;
    private readonly Dictionary<string, LearnableParam> _named = new(StringComparer.Ordinal);

    public ParamTable(List<LearnableParam> all) => _params = all;

    /// <summary>Adds a layer's learnable blobs; returns whether one of them wants a gradient.</summary>
    public bool Add(NetLayer placed, int layerIndex)
    {
        LayerParameter parameter = placed.Layer.Parameter;
        int blobs = placed.Layer.Blobs.Count;
        if (parameter.Param.Count > blobs)
            throw new CortadoException($"layer '{parameter.Name}' gives {parameter.Param.Count} param blocks; expected at most {blobs}, the number of its learnable blobs.");
        placed.Layer.ParamPropagateDown = new bool[blobs];
        bool any = false;
        for (int i = 0; i < blobs; i++)
        {
            ParamSpec? spec = i < parameter.Param.Count ? parameter.Param[i] : null;
            bool wanted = (spec?.LrMult ?? 1) != 0;
            placed.Layer.ParamPropagateDown[i] = wanted;
            any |= wanted;
            AddParam(placed, layerIndex, i, spec);
        }
        return any;
    }

    private void AddParam(NetLayer placed, int layerIndex, int index, ParamSpec? spec)
    {
        Blob blob = placed.Layer.Blobs[index];
        string name = spec?.Name ?? "";
        if (name.Length == 0 || !_named.TryGetValue(name, out LearnableParam? owner))
        {
            owner = new LearnableParam(blob, layerIndex, index, name);
            _params.Add(owner);
            if (name.Length > 0) _named.Add(name, owner);
        }
        else
        {
            Share(placed, index, spec!, owner);
        }
        if (spec == null) return;
        if (spec.HasLrMult)
        {
            if (owner.HasLrMult && owner.LrMult != spec.LrMult)
                throw new CortadoException($"layer '{placed.Layer.Name}': shared param '{name}' has lr_mult {spec.LrMult} here and {owner.LrMult} before; expected the same.");
            owner.LrMult = spec.LrMult;
            owner.HasLrMult = true;
        }
        if (spec.HasDecayMult)
        {
            if (owner.HasDecayMult && owner.DecayMult != spec.DecayMult)
                throw new CortadoException($"layer '{placed.Layer.Name}': shared param '{name}' has decay_mult {spec.DecayMult} here and {owner.DecayMult} before; expected the same.");
            owner.DecayMult = spec.DecayMult;
            owner.HasDecayMult = true;
        }
    }

    private static void Share(NetLayer placed, int index, ParamSpec spec, LearnableParam owner)
    {
        Blob blob = placed.Layer.Blobs[index];
        bool fits = spec.ShareMode == ParamSpec.Types.DimCheckMode.Permissive ? blob.Count == owner.Blob.Count : blob.Shape == owner.Blob.Shape;
        if (!fits)
            throw new CortadoException($"layer '{placed.Layer.Name}': learnable blob {index} shares param '{spec.Name}' and has shape {blob.Shape}; expected {owner.Blob.Shape}, as in the layer that made it.");
        blob.ShareData(owner.Blob);
        blob.ShareDiff(owner.Blob);
    }
}
