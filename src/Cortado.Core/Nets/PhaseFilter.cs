using Cortado.Formats;

namespace Cortado.Nets;

/// <summary>Leaves the layers whose include and exclude rules fit a network state (phase, level, stages).</summary>
public static class PhaseFilter
{
    /// <summary>The network without the layers that the state leaves out. Layers are not copied.</summary>
    /// <exception cref="CortadoException">A layer has both include and exclude rules.</exception>
    public static NetParameter Apply(NetParameter net, NetState state)
    {
        NetParameter filtered = Skeleton(net);
        foreach (LayerParameter layer in net.Layer)
            if (Includes(layer, state)) filtered.Layer.Add(layer);
        filtered.State = state.Clone();
        return filtered;
    }

    /// <summary>Whether a layer stands in the network for this state.</summary>
    public static bool Includes(LayerParameter layer, NetState state)
    {
        if (layer.Include.Count > 0 && layer.Exclude.Count > 0)
            throw new CortadoException($"layer '{layer.Name}' has both include and exclude rules; expected one kind only.");
        if (layer.Include.Count == 0)
        {
            foreach (NetStateRule rule in layer.Exclude)
                if (Meets(state, rule)) return false;
            return true;
        }
        foreach (NetStateRule rule in layer.Include)
            if (Meets(state, rule)) return true;
        return false;
    }

    /// <summary>The network's own fields without its layers.</summary>
    internal static NetParameter Skeleton(NetParameter net)
    {
        var skeleton = new NetParameter();
        if (net.HasName) skeleton.Name = net.Name;
        if (net.HasForceBackward) skeleton.ForceBackward = net.ForceBackward;
        if (net.HasDebugInfo) skeleton.DebugInfo = net.DebugInfo;
        if (net.State != null) skeleton.State = net.State.Clone();
        return skeleton;
    }

    private static bool Meets(NetState state, NetStateRule rule)
    {
        if (rule.HasPhase && rule.Phase != state.Phase) return false;
        if (rule.HasMinLevel && state.Level < rule.MinLevel) return false;
        if (rule.HasMaxLevel && state.Level > rule.MaxLevel) return false;
        foreach (string stage in rule.Stage)
            if (!state.Stage.Contains(stage)) return false;
        foreach (string stage in rule.NotStage)
            if (state.Stage.Contains(stage)) return false;
        return true;
    }
}
