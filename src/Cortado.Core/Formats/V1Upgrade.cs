using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using V1Type = Cortado.Formats.V1LayerParameter.Types.LayerType;

namespace Cortado.Formats;

/// <summary>From <c>layers { type: CONVOLUTION blobs_lr: 1 }</c> to <c>layer { type: "Convolution" param { lr_mult: 1 } }</c>.</summary>
internal static class V1Upgrade
{
    private static readonly string[] TransformFields = { "scale", "mean_file", "crop_size", "mirror" };

    /// <summary>Moves the preprocessing that old data layers had among their own settings to <c>transform_param</c>.</summary>
    public static void MoveTransformations(NetParameter net, UpgradeContext upgrade)
    {
        // As Caffe: when one layer needs this, every data layer of the net gets its transform_param, be it empty.
        if (!net.Layers.Any(l => DataSettings(l) is { } s && TransformFields.Any(f => Has(s, f))))
        {
            return;
        }

        foreach (V1LayerParameter layer in net.Layers)
        {
            IMessage? settings = EnsureDataSettings(layer);
            if (settings is null)
            {
                continue;
            }

            TransformationParameter transform = layer.TransformParam ??= new TransformationParameter();
            upgrade.Locations?.Alias(settings, transform);
            foreach (string name in TransformFields)
            {
                if (Has(settings, name))
                {
                    FieldDescriptor from = settings.Descriptor.FindFieldByName(name);
                    TransformationParameter.Descriptor.FindFieldByName(name).Accessor.SetValue(transform, from.Accessor.GetValue(settings));
                    from.Accessor.Clear(settings);
                    upgrade.Locations?.AliasField(settings, name, 0, transform, name);
                }
            }
        }
    }

    public static void Apply(NetParameter net, UpgradeContext upgrade)
    {
        if (net.Layer.Count > 0)
        {
            upgrade.Warnings.Add(FormattableString.Invariant(
                $"{upgrade.Place(net.Layer[0])}: the network has both \"layers\" (the old form) and \"layer\"; as in Caffe, the {net.Layer.Count} written as \"layer\" are ignored."));
            net.Layer.Clear();
        }

        foreach (V1LayerParameter layer in net.Layers)
        {
            net.Layer.Add(Upgrade(layer, upgrade));
        }

        net.Layers.Clear();
    }

    private static LayerParameter Upgrade(V1LayerParameter old, UpgradeContext upgrade)
    {
        var layer = new LayerParameter();
        SourceMap? places = upgrade.Locations;
        places?.Alias(old, layer);
        foreach (FieldDescriptor field in V1LayerParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            // Most fields kept their name and type; the others are below.
            FieldDescriptor? same = LayerParameter.Descriptor.FindFieldByName(field.Name);
            if (same is null || field.Name is "type" or "param")
            {
                continue;
            }

            Move(old, field, layer, same, places);
        }

        if (old.HasType)
        {
            layer.Type = LegacyLayerTypes.FromV1(old.Type)
                ?? throw new CortadoException($"{upgrade.Place(old, "type")}: the layer type {old.Type} is not known.");
            places?.AliasField(old, "type", 0, layer, "type");
        }

        for (int i = 0; i < old.Param.Count; i++)
        {
            Param(i).Name = old.Param[i];
            places?.AliasField(old, "param", i, Param(i), "name");
        }

        for (int i = 0; i < old.BlobShareMode.Count; i++)
        {
            Param(i).ShareMode = (ParamSpec.Types.DimCheckMode)old.BlobShareMode[i];
            places?.AliasField(old, "blob_share_mode", i, Param(i), "share_mode");
        }

        for (int i = 0; i < old.BlobsLr.Count; i++)
        {
            Param(i).LrMult = old.BlobsLr[i];
            places?.AliasField(old, "blobs_lr", i, Param(i), "lr_mult");
        }

        for (int i = 0; i < old.WeightDecay.Count; i++)
        {
            Param(i).DecayMult = old.WeightDecay[i];
            places?.AliasField(old, "weight_decay", i, Param(i), "decay_mult");
        }

        if (old.Layer is not null)
        {
            upgrade.Warnings.Add($"{upgrade.Place(old.Layer)}: a layer of the oldest form stands inside a newer one and is ignored.");
        }

        return layer;

        ParamSpec Param(int index)
        {
            while (layer.Param.Count <= index)
            {
                layer.Param.Add(new ParamSpec());
            }

            return layer.Param[index];
        }
    }

    private static void Move(IMessage source, FieldDescriptor from, IMessage target, FieldDescriptor to, SourceMap? places)
    {
        int count = 1;
        if (from.IsRepeated)
        {
            var values = (IList)from.Accessor.GetValue(source);
            var destination = (IList)to.Accessor.GetValue(target);
            foreach (object value in values)
            {
                destination.Add(value);
            }

            count = values.Count;
        }
        else if (from.Accessor.HasValue(source))
        {
            to.Accessor.SetValue(target, from.Accessor.GetValue(source));
        }

        for (int i = 0; i < count; i++)
        {
            places?.AliasField(source, from.Name, i, target, to.Name);
        }
    }

    private static IMessage? DataSettings(V1LayerParameter layer) => layer.Type switch
    {
        V1Type.Data => layer.DataParam,
        V1Type.ImageData => layer.ImageDataParam,
        V1Type.WindowData => layer.WindowDataParam,
        _ => null,
    };

    private static IMessage? EnsureDataSettings(V1LayerParameter layer) => layer.Type switch
    {
        V1Type.Data => layer.DataParam ??= new DataParameter(),
        V1Type.ImageData => layer.ImageDataParam ??= new ImageDataParameter(),
        V1Type.WindowData => layer.WindowDataParam ??= new WindowDataParameter(),
        _ => null,
    };

    private static bool Has(IMessage message, string field) => message.Descriptor.FindFieldByName(field).Accessor.HasValue(message);
}
