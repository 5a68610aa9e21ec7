using Cortado.Data;
using Cortado.Formats;
using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Cli.Timing;

/// <summary>
/// Stands in for data layers that cannot be opened here, so that a network can be timed without its database: Input layers
/// of the same shape, filled once with random numbers.
/// </summary>
internal static class InMemoryData
{
    /// <summary>A copy of the network without data layers that cannot be opened, and a sentence for each of those.</summary>
    /// <exception cref="CortadoException">The shape of the data is not known without the database.</exception>
    public static (NetParameter Net, List<string> Notes) Replace(NetParameter net, NetState state, string fileName, IRecordDatabaseProvider databases)
    {
        NetParameter filtered = PhaseFilter.Apply(net, state);
        var paths = new PathResolver(fileName);
        var notes = new List<string>();
        NetParameter copy = filtered.Clone();
        for (int i = 0; i < copy.Layer.Count; i++)
        {
            LayerParameter layer = copy.Layer[i];
            string? why = layer.Type switch
            {
                "Data" => WhyNoDatabase(layer.DataParam ?? new DataParameter(), paths, databases),
                "ImageData" => WhyNoList(layer.ImageDataParam ?? new ImageDataParameter(), paths),
                "MemoryData" => "it is filled by a program",
                _ => null,
            };
            if (why == null) continue;
            int[] shape = ShapeOf(layer, paths, fileName, out string? assumed);
            notes.Add($"layer '{layer.Name}' ({layer.Type}) gets random data of {string.Join("x", shape)} in memory instead: {why}{assumed}");
            copy.Layer[i] = Input(layer, shape);
        }
        return (copy, notes);
    }

    /// <summary>Fills the network's inputs with random values in [0, 1), and weights that have none with small ones; inputs that hold one number per item are labels and get 0.</summary>
    public static void Fill(Net net, ulong seed)
    {
        foreach (Blob input in net.Inputs)
        {
            Span<float> values = input.WriteData();
            if (input.Shape.Rank <= 1)
            {
                values.Clear();
                continue;
            }
            FillUniform(values, CounterRandom.Named(seed, input.Name), 0, 1);
        }
        // A deploy network has no fillers. Memory that was never written costs nothing to read, so its zeros would be timed as too fast.
        foreach (LearnableParam param in net.Params)
            if (param.Blob.ReadData().IndexOfAnyExcept(0f) < 0)
                FillUniform(param.Blob.WriteData(), CounterRandom.Named(seed, param.Blob.Name), -0.01f, 0.01f);
        net.WeightsChanged();
    }

    private static void FillUniform(Span<float> values, CounterRandom random, float least, float most)
    {
        for (int i = 0; i < values.Length; i++) values[i] = least + (most - least) * random.Uniform((ulong)i);
    }

    private static string? WhyNoDatabase(DataParameter data, PathResolver paths, IRecordDatabaseProvider databases)
    {
        try
        {
            using IRecordDatabase database = databases.Open(paths.Existing(data.Source, "database"), data.Backend);
            return null;
        }
        catch (CortadoException error)
        {
            return error.Message;
        }
    }

    private static string? WhyNoList(ImageDataParameter data, PathResolver paths)
    {
        try
        {
            paths.Existing(data.Source, "list of images");
            return null;
        }
        catch (CortadoException error)
        {
            return error.Message;
        }
    }

    private static int[] ShapeOf(LayerParameter layer, PathResolver paths, string fileName, out string? assumed)
    {
        assumed = null;
        TransformationParameter transform = layer.TransformParam ?? new TransformationParameter();
        MemoryDataParameter memory = layer.MemoryDataParam ?? new MemoryDataParameter();
        ImageDataParameter images = layer.ImageDataParam ?? new ImageDataParameter();
        int batch = (int)(layer.Type switch
        {
            "Data" => layer.DataParam?.BatchSize ?? 0,
            "ImageData" => images.BatchSize,
            _ => memory.BatchSize,
        });
        BinaryProtoFile? mean = Mean(transform, paths);
        int channels = memory.Channels > 0 ? (int)memory.Channels
            : transform.ForceGray ? 1
            : transform.MeanValue.Count > 1 ? transform.MeanValue.Count
            : mean != null ? Dim(mean, 0)
            : 0;
        int height = transform.CropSize > 0 ? (int)transform.CropSize : memory.Height > 0 ? (int)memory.Height : images.NewHeight > 0 ? (int)images.NewHeight : mean != null ? Dim(mean, 1) : 0;
        int width = transform.CropSize > 0 ? (int)transform.CropSize : memory.Width > 0 ? (int)memory.Width : images.NewWidth > 0 ? (int)images.NewWidth : mean != null ? Dim(mean, 2) : 0;
        if (height == 0 || width == 0)
        {
            throw new CortadoException($"{fileName}: layer '{layer.Name}' ({layer.Type}) reads a database that is not here, and nothing in the file says how large its items are. " +
                "Time it where its database is, or give transform_param a crop_size, or time a deploy network, whose Input layer has a shape.");
        }
        if (batch == 0) throw new CortadoException($"{fileName}: layer '{layer.Name}' ({layer.Type}) has no batch_size. Add one, or give --batch N.");
        if (channels == 0)
        {
            channels = 3;
            assumed = " Three channels are assumed.";
        }
        return [batch, channels, height, width];
    }

    private static BinaryProtoFile? Mean(TransformationParameter transform, PathResolver paths)
    {
        string path = transform.HasMeanFile ? paths.Resolve(transform.MeanFile) : "";
        return File.Exists(path) ? BinaryProtoFile.Load(path) : null;
    }

    /// <summary>A dimension of a mean image, of which the last three are channels, rows and columns.</summary>
    private static int Dim(BinaryProtoFile mean, int axis) => mean.Shape.Count >= 3 ? mean.Shape[mean.Shape.Count - 3 + axis] : 0;

    private static LayerParameter Input(LayerParameter layer, int[] shape)
    {
        var input = new LayerParameter { Name = layer.Name, Type = "Input", InputParam = new InputParameter() };
        input.Top.Add(layer.Top);
        for (int top = 0; top < layer.Top.Count; top++)
        {
            var dims = new BlobShape();
            foreach (int dim in top == 0 ? shape : shape[..1]) dims.Dim.Add(dim);
            input.InputParam.Shape.Add(dims);
        }
        return input;
    }
}
