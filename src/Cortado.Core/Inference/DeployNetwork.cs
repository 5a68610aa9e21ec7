using Cortado.Formats;
using Cortado.Nets;

namespace Cortado.Inference;

/// <summary>What the images of a training looked like before its transform, as far as it is known.</summary>
public sealed record TrainingImages
{
    /// <summary>Channels: 3 for colour (BGR), 1 for gray; null where unknown.</summary>
    public int? Channels { get; init; }

    /// <summary>Rows of a stored image; null where unknown.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of a stored image; null where unknown.</summary>
    public int? Width { get; init; }
}

/// <summary>
/// Derives the network that classifies from the one that trains: data layers become an Input, losses become a Softmax or vanish, and
/// how training prepared its images is written into the Input layer (<c>transform_param</c>, and the stored images' size in
/// <c>image_data_param</c>; Caffe reads such a file and ignores both), so that classification prepares its images alike.
/// </summary>
public sealed class DeployNetwork
{
    private static readonly HashSet<string> DataTypes = new(StringComparer.Ordinal) { "Data", "ImageData", "MemoryData", "DummyData", "HDF5Data", "WindowData" };

    // What a loss computes from its scores before it compares them with labels; null where it compares them as they are.
    private static readonly Dictionary<string, string?> Losses = new(StringComparer.Ordinal)
    {
        ["SoftmaxWithLoss"] = "Softmax",
        ["InfogainLoss"] = "Softmax",
        ["SigmoidCrossEntropyLoss"] = "Sigmoid",
        ["MultinomialLogisticLoss"] = null,
        ["HingeLoss"] = null,
        ["EuclideanLoss"] = null,
        ["ContrastiveLoss"] = null,
    };

    private readonly TrainingImages _images;
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _notes = new();

    private DeployNetwork(TrainingImages images) => _images = images;

    /// <summary>The network that classifies.</summary>
    public NetParameter Net { get; } = new();

    /// <summary>What was left out or had to be assumed, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>A copy without the fillers of large weights, for a network whose weights come from a file: filling 30 million of them takes most of a second.</summary>
    public static NetParameter WithoutFillers(NetParameter net)
    {
        NetParameter copy = net.Clone();
        foreach (LayerParameter layer in copy.Layer)
        {
            if (layer.ConvolutionParam != null) layer.ConvolutionParam.WeightFiller = null;
            if (layer.InnerProductParam != null) layer.InnerProductParam.WeightFiller = null;
        }
        return copy;
    }

    /// <summary>Whether a network reads its own data, so that it must be derived before it can classify.</summary>
    public static bool IsNeeded(NetParameter net)
    {
        foreach (LayerParameter layer in net.Layer)
            if (DataTypes.Contains(layer.Type) || Losses.ContainsKey(layer.Type)) return true;
        return false;
    }

    /// <summary>The data layer that feeds the TEST phase, or the TRAIN phase where that has none; null without one.</summary>
    public static LayerParameter? DataLayer(NetParameter net)
    {
        foreach (Phase phase in new[] { Phase.Test, Phase.Train })
            foreach (LayerParameter layer in net.Layer)
                if (DataTypes.Contains(layer.Type) && PhaseFilter.Includes(layer, new NetState { Phase = phase })) return layer;
        return null;
    }

    /// <summary>Derives the network.</summary>
    /// <param name="net">The upgraded training network.</param>
    /// <param name="images">What is known of the stored images.</param>
    /// <param name="batch">Images that the Input takes at once.</param>
    /// <exception cref="CortadoException">The size of the input cannot be known.</exception>
    public static DeployNetwork Derive(NetParameter net, TrainingImages images, int batch = 1)
    {
        var deploy = new DeployNetwork(images);
        if (net.HasName) deploy.Net.Name = net.Name;
        NetParameter filtered = PhaseFilter.Apply(net, new NetState { Phase = Phase.Test });
        foreach (LayerParameter layer in filtered.Layer) deploy._names.Add(layer.Name);
        bool fed = false;
        foreach (LayerParameter layer in filtered.Layer) fed |= DataTypes.Contains(layer.Type) || layer.Type == "Input";
        if (!fed && DataLayer(net) is { } trainData)
        {
            deploy._notes.Add($"The network has no data layer in its TEST phase; the Input is made from layer '{trainData.Name}' of the TRAIN phase.");
            deploy.AddInput(trainData, batch);
        }
        foreach (LayerParameter layer in filtered.Layer) deploy.Add(layer, batch);
        return deploy;
    }

    private void Add(LayerParameter layer, int batch)
    {
        if (DataTypes.Contains(layer.Type))
        {
            AddInput(layer, batch);
        }
        else if (Losses.TryGetValue(layer.Type, out string? output))
        {
            foreach (string top in layer.Top) _missing.Add(top);
            if (output != null && layer.Bottom.Count > 0 && !_missing.Contains(layer.Bottom[0])) AddOutput(layer, output);
        }
        else if (layer.Type == "Accuracy" || Reads(layer))
        {
            foreach (string top in layer.Top)
                if (!layer.Bottom.Contains(top)) _missing.Add(top);
            if (layer.Type is not ("Accuracy" or "Silence"))
                _notes.Add($"Layer '{layer.Name}' ({layer.Type}) is left out: it reads a label or what was made from one.");
        }
        else
        {
            LayerParameter copy = layer.Clone();
            copy.Include.Clear();
            copy.Exclude.Clear();
            copy.LossWeight.Clear();
            copy.Blobs.Clear();
            Net.Layer.Add(copy);
        }
    }

    private bool Reads(LayerParameter layer)
    {
        foreach (string bottom in layer.Bottom)
            if (_missing.Contains(bottom)) return true;
        return false;
    }

    private void AddOutput(LayerParameter loss, string type)
    {
        string name = "prob";
        for (int i = 2; !_names.Add(name); i++) name = FormattableString.Invariant($"prob{i}");
        var output = new LayerParameter { Name = name, Type = type };
        output.Bottom.Add(loss.Bottom[0]);
        output.Top.Add(name);
        int axis = loss.Type == "InfogainLoss" ? loss.InfogainLossParam?.Axis ?? 1 : loss.SoftmaxParam?.Axis ?? 1;
        if (type == "Softmax" && axis != 1) output.SoftmaxParam = new SoftmaxParameter { Axis = axis };
        Net.Layer.Add(output);
    }

    private void AddInput(LayerParameter data, int batch)
    {
        for (int i = 1; i < data.Top.Count; i++) _missing.Add(data.Top[i]);
        if (data.Top.Count == 0) return;
        var input = new LayerParameter { Name = data.Name, Type = "Input" };
        input.Top.Add(data.Top[0]);
        TransformationParameter? transform = data.TransformParam;
        var shape = new BlobShape();
        if (data.Type == "DummyData" && data.DummyDataParam?.Shape.Count > 0)
        {
            shape.Dim.AddRange(data.DummyDataParam.Shape[0].Dim);
            shape.Dim[0] = batch;
        }
        else
        {
            (int channels, int height, int width) = InputSize(data, transform);
            shape.Dim.AddRange(new long[] { batch, channels, height, width });
        }
        input.InputParam = new InputParameter();
        input.InputParam.Shape.Add(shape);
        if (transform != null)
        {
            input.TransformParam = transform.Clone();
            input.TransformParam.ClearMirror();
        }
        if (_images.Height is { } storedHeight && _images.Width is { } storedWidth)
        {
            input.ImageDataParam = new ImageDataParameter { NewHeight = (uint)storedHeight, NewWidth = (uint)storedWidth };
            if (shape.Dim.Count > 1 && shape.Dim[1] == 1) input.ImageDataParam.IsColor = false;
        }
        Net.Layer.Add(input);
    }

    private (int Channels, int Height, int Width) InputSize(LayerParameter data, TransformationParameter? transform)
    {
        int crop = (int)(transform?.CropSize ?? 0);
        int? channels = transform?.ForceGray == true ? 1 : transform?.ForceColor == true ? 3 : _images.Channels;
        int? height = crop > 0 ? crop : _images.Height, width = crop > 0 ? crop : _images.Width;
        switch (data.Type)
        {
            case "MemoryData" when data.MemoryDataParam != null:
                channels ??= (int)data.MemoryDataParam.Channels;
                height ??= (int)data.MemoryDataParam.Height;
                width ??= (int)data.MemoryDataParam.Width;
                break;
            case "ImageData" when data.ImageDataParam != null:
                channels ??= data.ImageDataParam.IsColor ? 3 : 1;
                if (data.ImageDataParam.NewHeight > 0) height ??= (int)data.ImageDataParam.NewHeight;
                if (data.ImageDataParam.NewWidth > 0) width ??= (int)data.ImageDataParam.NewWidth;
                break;
        }
        if (channels == null)
        {
            channels = 3;
            _notes.Add("The number of channels is not known (the database could not be read); 3 (colour, BGR) is assumed.");
        }
        if (height == null || width == null)
            throw new CortadoException($"layer '{data.Name}' ({data.Type}): the size of the network's input is not known: transform_param has no crop_size, and the database could not be read to see how large its images are.");
        return (channels.Value, height.Value, width.Value);
    }
}
