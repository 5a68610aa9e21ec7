using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cortado.Formats;

/// <summary>
/// From <c>layers { layer { name: "conv1" type: "conv" kernelsize: 3 } }</c> to <c>layers { name: "conv1" type: CONVOLUTION
/// convolution_param { kernel_size: 3 } }</c>. Padding, which was a layer of its own, becomes a setting of the layer that follows.
/// </summary>
internal static class V0Upgrade
{
    /// <summary>Old field, old layer type (null: any), and the message and field that it became.</summary>
    private static readonly (string Field, string? Type, string Message, string Target)[] Moves =
    {
        ("num_output", "conv", "convolution_param", "num_output"),
        ("num_output", "innerproduct", "inner_product_param", "num_output"),
        ("biasterm", "conv", "convolution_param", "bias_term"),
        ("biasterm", "innerproduct", "inner_product_param", "bias_term"),
        ("weight_filler", "conv", "convolution_param", "weight_filler"),
        ("weight_filler", "innerproduct", "inner_product_param", "weight_filler"),
        ("bias_filler", "conv", "convolution_param", "bias_filler"),
        ("bias_filler", "innerproduct", "inner_product_param", "bias_filler"),
        ("pad", "conv", "convolution_param", "pad"),
        ("pad", "pool", "pooling_param", "pad"),
        ("kernelsize", "conv", "convolution_param", "kernel_size"),
        ("kernelsize", "pool", "pooling_param", "kernel_size"),
        ("group", "conv", "convolution_param", "group"),
        ("stride", "conv", "convolution_param", "stride"),
        ("stride", "pool", "pooling_param", "stride"),
        ("pool", "pool", "pooling_param", "pool"),
        ("dropout_ratio", "dropout", "dropout_param", "dropout_ratio"),
        ("local_size", "lrn", "lrn_param", "local_size"),
        ("alpha", "lrn", "lrn_param", "alpha"),
        ("beta", "lrn", "lrn_param", "beta"),
        ("k", "lrn", "lrn_param", "k"),
        ("source", "data", "data_param", "source"),
        ("source", "hdf5_data", "hdf5_data_param", "source"),
        ("source", "images", "image_data_param", "source"),
        ("source", "window_data", "window_data_param", "source"),
        ("source", "infogain_loss", "infogain_loss_param", "source"),
        ("scale", null, "transform_param", "scale"),
        ("meanfile", null, "transform_param", "mean_file"),
        ("batchsize", "data", "data_param", "batch_size"),
        ("batchsize", "hdf5_data", "hdf5_data_param", "batch_size"),
        ("batchsize", "images", "image_data_param", "batch_size"),
        ("batchsize", "window_data", "window_data_param", "batch_size"),
        ("cropsize", null, "transform_param", "crop_size"),
        ("mirror", null, "transform_param", "mirror"),
        ("rand_skip", "data", "data_param", "rand_skip"),
        ("rand_skip", "images", "image_data_param", "rand_skip"),
        ("shuffle_images", "images", "image_data_param", "shuffle"),
        ("new_height", "images", "image_data_param", "new_height"),
        ("new_width", "images", "image_data_param", "new_width"),
        ("concat_dim", "concat", "concat_param", "concat_dim"),
        ("det_fg_threshold", "window_data", "window_data_param", "fg_threshold"),
        ("det_bg_threshold", "window_data", "window_data_param", "bg_threshold"),
        ("det_fg_fraction", "window_data", "window_data_param", "fg_fraction"),
        ("det_context_pad", "window_data", "window_data_param", "context_pad"),
        ("det_crop_mode", "window_data", "window_data_param", "crop_mode"),
    };

    public static void Apply(NetParameter net, UpgradeContext upgrade)
    {
        FoldPadding(net, upgrade);
        var layers = net.Layers.Select(l => Upgrade(l, upgrade)).ToList();
        net.Layers.Clear();
        net.Layers.AddRange(layers);

        // Caffe carries only these over: name, layers, input, input_dim, force_backward.
        net.InputShape.Clear();
        net.Layer.Clear();
        net.State = null;
        net.ClearDebugInfo();
    }

    /// <summary>Gives the padding of each "padding" layer to the convolution or pooling after it, and drops the layer.</summary>
    private static void FoldPadding(NetParameter net, UpgradeContext upgrade)
    {
        var producers = new Dictionary<string, V1LayerParameter?>(StringComparer.Ordinal);
        foreach (string input in net.Input)
        {
            producers[input] = null;
        }

        var kept = new List<V1LayerParameter>();
        foreach (V1LayerParameter layer in net.Layers)
        {
            string type = TypeOf(layer);
            if (type != "padding")
            {
                kept.Add(layer);
            }

            for (int i = 0; i < layer.Bottom.Count; i++)
            {
                if (!producers.TryGetValue(layer.Bottom[i], out V1LayerParameter? source))
                {
                    throw new CortadoException(
                        $"{upgrade.Place(layer, "bottom")}: no layer before this one makes the blob \"{layer.Bottom[i]}\".");
                }

                if (source is null || TypeOf(source) != "padding")
                {
                    continue;
                }

                if (type is not ("conv" or "pool") || layer.Bottom.Count != 1 || source.Bottom.Count != 1 || source.Top.Count != 1)
                {
                    throw new CortadoException(
                        $"{upgrade.Place(source)}: a padding layer needs one bottom and one top, and a \"conv\" or \"pool\" layer with one bottom after it; found \"{type}\".");
                }

                layer.Layer.Pad = source.Layer.Pad;
                layer.Bottom[i] = source.Bottom[0];
                upgrade.Locations?.AliasField(source.Layer, "pad", 0, layer.Layer, "pad");
            }

            foreach (string top in layer.Top)
            {
                producers[top] = layer;
            }
        }

        net.Layers.Clear();
        net.Layers.AddRange(kept);
    }

    private static string TypeOf(V1LayerParameter layer) => layer.Layer?.Type ?? string.Empty;

    private static V1LayerParameter Upgrade(V1LayerParameter old, UpgradeContext upgrade)
    {
        var layer = new V1LayerParameter();
        SourceMap? places = upgrade.Locations;
        places?.Alias(old, layer);
        layer.Bottom.AddRange(old.Bottom);
        layer.Top.AddRange(old.Top);
        Alias(old, "bottom", old.Bottom.Count, layer, places);
        Alias(old, "top", old.Top.Count, layer, places);
        V0LayerParameter? settings = old.Layer;
        if (settings is null)
        {
            return layer;
        }

        if (settings.HasName)
        {
            layer.Name = settings.Name;
            places?.AliasField(settings, "name", 0, layer, "name");
        }

        if (settings.HasType)
        {
            layer.Type = LegacyLayerTypes.FromV0(settings.Type)
                ?? throw new CortadoException($"{upgrade.Place(settings, "type")}: the layer type \"{settings.Type}\" is not known.");
            places?.AliasField(settings, "type", 0, layer, "type");
        }

        layer.Blobs.AddRange(settings.Blobs);
        layer.BlobsLr.AddRange(settings.BlobsLr);
        layer.WeightDecay.AddRange(settings.WeightDecay);
        Alias(settings, "blobs_lr", settings.BlobsLr.Count, layer, places);
        Alias(settings, "weight_decay", settings.WeightDecay.Count, layer, places);
        MoveSettings(settings, layer, upgrade);
        return layer;
    }

    private static void MoveSettings(V0LayerParameter settings, V1LayerParameter layer, UpgradeContext upgrade)
    {
        string type = settings.Type;
        foreach (FieldDescriptor field in V0LayerParameter.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.IsRepeated || field.Name is "name" or "type" || !field.Accessor.HasValue(settings))
            {
                continue;
            }

            if (field.Name == "hdf5_output_param" && type == "hdf5_output")
            {
                layer.Hdf5OutputParam = settings.Hdf5OutputParam;
                continue;
            }

            (string Field, string? Type, string Message, string Target) move =
                Moves.FirstOrDefault(m => m.Field == field.Name && (m.Type is null || m.Type == type));
            if (move.Field is null)
            {
                // new_num and new_channels were never carried over, silently.
                if (field.Name is not ("new_num" or "new_channels"))
                {
                    upgrade.Warnings.Add($"{upgrade.Place(settings, field.Name)}: {field.Name} means nothing to a \"{type}\" layer and is dropped.");
                }

                continue;
            }

            FieldDescriptor home = V1LayerParameter.Descriptor.FindFieldByName(move.Message);
            IMessage target = (IMessage?)home.Accessor.GetValue(layer) ?? Add(layer, home, upgrade, settings);
            FieldDescriptor to = target.Descriptor.FindFieldByName(move.Target);
            object value = field.Accessor.GetValue(settings);
            value = field.FieldType == FieldType.Enum ? Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture) : value;
            if (to.IsRepeated)
            {
                ((IList)to.Accessor.GetValue(target)).Add(value);
            }
            else
            {
                to.Accessor.SetValue(target, value);
            }

            upgrade.Locations?.AliasField(settings, field.Name, 0, target, move.Target);
        }
    }

    private static IMessage Add(V1LayerParameter layer, FieldDescriptor home, UpgradeContext upgrade, IMessage source)
    {
        var added = PrototxtParser.AddEmpty(layer, home);
        upgrade.Locations?.Alias(source, added);
        return added;
    }

    private static void Alias(IMessage source, string field, int count, IMessage target, SourceMap? places)
    {
        for (int i = 0; i < count; i++)
        {
            places?.AliasField(source, field, i, target, field);
        }
    }
}
