using System.Globalization;
using System.Text.Json;
using Cortado.Backends.Cpu;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Nets;

namespace Cortado.Tests.Inference;

public sealed class ClassifierTests : IDisposable
{
    private readonly CpuBackend _backend = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-classify-").FullName;

    public void Dispose()
    {
        _backend.Dispose();
        Directory.Delete(_folder, true);
    }

    private static string Weights => GoldenFolder.PathOf("seed_small/seed_small.caffemodel");

    private string Model(string transform = "transform_param { scale: 0.00390625 }")
    {
        string text = File.ReadAllText(GoldenFolder.PathOf("seed_small/deploy.prototxt"));
        string path = Path.Combine(_folder, "deploy.prototxt");
        int brace = text.IndexOf("input_param", StringComparison.Ordinal);
        File.WriteAllText(path, text.Insert(brace, transform + "\n  "));
        return path;
    }

    private Classifier Load(string? labels = null) =>
        Classifier.Load(Model(), Weights, new ClassifierOptions { Backend = _backend, Labels = labels });

    private static Image Picture(int seed)
    {
        var image = new Image(3, 70, 70);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    [Fact]
    public void The_golden_input_gets_Caffes_probabilities()
    {
        using Classifier classifier = Load();
        float[] input = GoldenFolder.Floats("seed_small/input.f32");
        JsonElement prob = GoldenFolder.Index("seed_small/index.json")!.Value.GetProperty("prob");
        for (int item = 0; item < 2; item++)
        {
            input.AsSpan(item * 3 * 70 * 70, 3 * 70 * 70).CopyTo(classifier.Net.Inputs[0].WriteData());
            classifier.Net.Forward();
            var top = new ClassScore[2];
            Assert.Equal(2, classifier.Best(top));
            foreach (ClassScore score in top)
                Assert.Equal(prob[item][score.Index].GetDouble(), score.Probability, 1e-5);
            Assert.True(top[0].Probability >= top[1].Probability);
        }
    }

    [Fact]
    public void Slices_of_time_give_the_same_answer_as_one_piece()
    {
        using Classifier classifier = Load();
        var whole = new ClassScore[2];
        classifier.Classify(Picture(1), whole);
        var sliced = new ClassScore[2];
        classifier.Begin(Picture(1));
        int slices = 1;
        while (!classifier.Continue(TimeSpan.Zero)) slices++;
        classifier.Best(sliced);
        Assert.Equal(whole, sliced);
        Assert.Equal(classifier.Net.Layers.Count, slices);
    }

    [Fact]
    public void Classifying_allocates_nothing()
    {
        using Classifier classifier = Load();
        Image image = Picture(2);
        var top = new ClassScore[2];
        for (int i = 0; i < 3; i++) classifier.Classify(image, top);
        Assert.Equal(0, Allocated.InQuietestRound(() => classifier.Classify(image, top)));
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused_with_their_layer()
    {
        string broken = Path.Combine(_folder, "broken.caffemodel");
        using (Classifier classifier = Load())
        {
            classifier.Net.FindLayer("conv3")!.Layer.Blobs[0].Data.Update()[17] = float.NaN;
            WeightSaver.Save(classifier.Net, broken);
        }
        var error = Assert.Throws<CortadoException>(() => Classifier.Load(Model(), broken, new ClassifierOptions { Backend = _backend }));
        Assert.Contains("'conv3'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 of ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_is_not_finite_names_the_first_layer()
    {
        using Classifier classifier = Load();
        classifier.Net.FindLayer("conv2")!.Layer.Blobs[1].Data.Update()[0] = float.NaN;
        classifier.Net.WeightsChanged();
        var top = new ClassScore[1];
        var error = Assert.Throws<CortadoException>(() => classifier.Classify(Picture(3), top));
        Assert.Contains("'conv2'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preparing_an_image_gives_what_the_data_layer_gave()
    {
        string database = GoldenFolder.PathOf("data/raw_small_lmdb");
        string transform = "transform_param { crop_size: 9 mean_value: 104.5 mean_value: 90 mean_value: 13 scale: 0.017 }";
        NetParameter net = NetFile.Parse($$"""
            layer { name: "data" type: "Data" top: "data" top: "label" {{transform}} data_param { source: "{{database.Replace('\\', '/')}}" batch_size: 3 backend: LMDB } }
            """, "net").Message;
        using Net reader = Net.Build(net, new NetOptions { Backend = _backend, Databases = new Lmdb.LmdbProvider() });
        reader.Forward();

        LayerParameter input = DeployNetwork.Derive(net, TrainingImageSize.Of(net, new Lmdb.LmdbProvider(), new PathResolver(null))).Net.Layer[0];
        Assert.Equal((16u, 12u), (input.ImageDataParam.NewHeight, input.ImageDataParam.NewWidth));
        var preprocessing = new Preprocessing(input, new Tensors.Shape(1, 3, 9, 9), new PathResolver(null));
        using IRecordDatabase records = new Lmdb.LmdbProvider().Open(database, DataParameter.Types.DB.Lmdb);
        using IRecordCursor cursor = records.OpenCursor();
        for (int item = 0; item < 3; item++)
        {
            Assert.True(cursor.MoveNext());
            var datum = new DatumView(cursor.Value);
            var image = new Image(3, datum.Height, datum.Width);
            datum.Data.CopyTo(image.Pixels);
            var prepared = new float[3 * 9 * 9];
            preprocessing.Prepare(image, prepared);
            Assert.Equal(reader.Blob("data").ReadData().Slice(item * prepared.Length, prepared.Length).ToArray(), prepared);
        }
    }

    [Fact]
    public void Names_must_be_as_many_as_classes()
    {
        string labels = Path.Combine(_folder, "names.txt");
        File.WriteAllText(labels, "ball\nbox\n\n");
        using (Classifier classifier = Load(labels)) Assert.Equal(new[] { "ball", "box" }, classifier.Labels);
        File.WriteAllText(labels, "ball\nbox\ncone\n");
        var error = Assert.Throws<CortadoException>(() => Load(labels));
        Assert.Contains("3 class names", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_look_the_same_on_a_German_machine()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = german;
            NetParameter net = NetFile.Load(Model("transform_param { scale: 0.5 mean_value: 1.5 }")).Message;
            Assert.Contains("multiply by 0.5", DeployFile.Steps(net));
            Assert.Contains("subtract 1.5", DeployFile.Steps(net));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
