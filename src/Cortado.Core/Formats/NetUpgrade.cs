namespace Cortado.Formats;

/// <summary>Brings a network of any generation to the current form, step by step as Caffe does.</summary>
public static class NetUpgrade
{
    /// <summary>Upgrades a network in place; a current one stays as it is.</summary>
    /// <param name="net">The network.</param>
    /// <param name="locations">Its places in a text, which learn where each upgraded layer came from; or null.</param>
    /// <param name="fileName">The file's name for errors.</param>
    /// <returns>What could not be carried over, one sentence each.</returns>
    /// <exception cref="CortadoException">An old layer cannot be understood.</exception>
    public static IReadOnlyList<string> Apply(NetParameter net, SourceMap? locations = null, string fileName = "network")
    {
        ThrowIf.Null(net, nameof(net));
        var upgrade = new UpgradeContext(locations, fileName);
        if (net.Layers.Any(l => l.Layer is not null))
        {
            V0Upgrade.Apply(net, upgrade);
        }

        if (net.Layers.Count > 0)
        {
            V1Upgrade.MoveTransformations(net, upgrade);
            V1Upgrade.Apply(net, upgrade);
        }

        if (net.Input.Count > 0)
        {
            InputsToLayer(net, upgrade);
        }

        FreezeBatchNormStatistics(net);
        return upgrade.Warnings;
    }

    /// <summary>Turns <c>input</c> with <c>input_shape</c> or <c>input_dim</c> into an Input layer in front.</summary>
    private static void InputsToLayer(NetParameter net, UpgradeContext upgrade)
    {
        bool hasShapes = net.InputShape.Count > 0;
        if (hasShapes || net.InputDim.Count > 0)
        {
            int expected = hasShapes ? net.Input.Count : 4 * net.Input.Count;
            int found = hasShapes ? net.InputShape.Count : net.InputDim.Count;
            if (found < expected)
            {
                string place = upgrade.Place(net, hasShapes ? "input_shape" : "input_dim");
                throw new CortadoException(FormattableString.Invariant(
                    $"{place}: {net.Input.Count} inputs need {expected} values of {(hasShapes ? "input_shape" : "input_dim")}, found {found}."));
            }

            var layer = new LayerParameter { Name = "input", Type = "Input", InputParam = new InputParameter() };
            upgrade.Locations?.AliasField(net, "input", 0, layer, "name");
            for (int i = 0; i < net.Input.Count; i++)
            {
                layer.Top.Add(net.Input[i]);
                upgrade.Locations?.AliasField(net, "input", i, layer, "top");
                var shape = hasShapes ? net.InputShape[i] : new BlobShape();
                for (int j = 4 * i; !hasShapes && j < 4 * (i + 1); j++)
                {
                    shape.Dim.Add(net.InputDim[j]);
                    upgrade.Locations?.AliasField(net, "input_dim", j, shape, "dim");
                }

                layer.InputParam.Shape.Add(shape);
            }

            net.Layer.Insert(0, layer);
        }

        net.Input.Clear();
        net.InputShape.Clear();
        net.InputDim.Clear();
    }

    /// <summary>BatchNorm's three blobs are statistics; files once had to say themselves that they do not learn.</summary>
    private static void FreezeBatchNormStatistics(NetParameter net)
    {
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer.Type == "BatchNorm" && layer.Param.Count == 3)
            {
                foreach (ParamSpec param in layer.Param)
                {
                    param.LrMult = 0;
                    param.DecayMult = 0;
                }
            }
        }
    }
}
