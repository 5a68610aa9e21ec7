using Cortado.Data;
using Cortado.Formats;
using Cortado.Tests;
using Cortado.Unity.Editor;
using UnityDoubles;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Tests.Editor;

/// <summary>What becomes of .prototxt and .caffemodel files in a project, and what their inspectors show.</summary>
public sealed class ImporterTests : IDisposable
{
    private const string Weights = "Assets/Model/small_iter_8.caffemodel";

    private readonly EditorProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("layer {\n  name: 'a'\n  tipe: 'ReLU'\n}\n", 3, "tipe")]
    [InlineData("base_lr: 0.01\nmax_iter: many\n", 2, "many")]
    [InlineData("layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } }\nlayer { name: 'big' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 2 kernel_size: 9 } }\n", 2, "big")]
    [InlineData("layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } }\n\nlayer { name: 'x' type: 'Convolushun' bottom: 'data' top: 'c' }\n", 3, "Convolushun")]
    public void AWrongPrototxtSaysInWhichLine(string text, int line, string word)
    {
        Write("Assets/a.prototxt", text);
        AssetDatabase.Refresh();
        Assert.Single(_project.Loop.Log.Errors);
        using Inspection inspector = _project.Editor.Inspect("Assets/a.prototxt");
        string problem = inspector.Root.Q<HelpBox>("problem").text;
        Assert.Contains($"Assets/a.prototxt:{line}:", problem, StringComparison.Ordinal);
        Assert.Contains(word, problem, StringComparison.Ordinal);
        Assert.Contains(problem, Assert.Single(_project.Loop.Log.Errors).Message, StringComparison.Ordinal);
        inspector.Root.Q<Button>("open").Click();
        Assert.Equal(("Assets/a.prototxt", line), Assert.Single(_project.Editor.Opened));
        _project.Loop.Log.Clear();
    }

    [Fact]
    public void APrototxtThatCannotBeOpenedShowsItsMessageInTheInspector()
    {
        Write("Assets/a.prototxt", "base_lr: 0.01\n");
        AssetDatabase.Refresh();
        using (new FileStream(Full("Assets/a.prototxt"), FileMode.Open, FileAccess.ReadWrite, FileShare.None)) AssetDatabase.ImportAsset("Assets/a.prototxt", ImportAssetOptions.ForceUpdate);
        using Inspection inspector = _project.Editor.Inspect("Assets/a.prototxt");
        string problem = inspector.Root.Q<HelpBox>("problem").text;
        Assert.Contains("a.prototxt", problem, StringComparison.Ordinal);
        LogEntry told = Assert.Single(_project.Loop.Log.Errors);
        Assert.Equal(LogType.Error, told.Type);
        Assert.Contains(problem, told.Message, StringComparison.Ordinal);
        _project.Loop.Log.Clear();
    }

    [Fact]
    public void TheAskersNetworkAndSolverAreToldApartAndShown()
    {
        string seed = Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed");
        File.Copy(Path.Combine(seed, "solver.prototxt"), Full("Assets/solver.prototxt"));
        File.Copy(Path.Combine(seed, "train_val.prototxt"), Full("Assets/train_val.prototxt"));
        AssetDatabase.Refresh();
        using (Inspection inspector = _project.Editor.Inspect("Assets/solver.prototxt"))
        {
            Assert.Equal("A solver", inspector.Root.Q<Label>("kind").text);
            Assert.Contains("base_lr: 0.03", inspector.Root.Q<Label>("settings").text, StringComparison.Ordinal);
        }
        using (Inspection inspector = _project.Editor.Inspect("Assets/train_val.prototxt"))
        {
            Assert.Equal("A network", inspector.Root.Q<Label>("kind").text);
            Assert.Equal("Input 1x3x70x70", inspector.Root.Q<Label>("network-input").text);
            Assert.StartsWith("28,564,866 parameters, 109.0 MB", inspector.Root.Q<Label>("network-parameters").text, StringComparison.Ordinal);
            Assert.Equal(["conv1", "Convolution", "1x96x15x15", "34,944"], inspector.Root.Q("layer-conv1").Children().Cast<Label>().Select(cell => cell.text));
            Assert.NotNull(inspector.Root.Q("layer-prob"));
        }
        Assert.Equal(PrototxtKind.Network, AssetDatabase.LoadAssetAtPath<PrototxtAsset>("Assets/train_val.prototxt").Kind);
        Assert.Empty(_project.Loop.Log.Errors);
    }

    [Fact]
    public void ATrainingNetworkWithoutItsPicturesIsNoError()
    {
        Write("Assets/a.prototxt", "layer { name: 'd' type: 'Data' top: 'data' top: 'label' data_param { source: 'gone' batch_size: 4 backend: LMDB } }\nlayer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 2 } }\n");
        AssetDatabase.Refresh();
        using Inspection inspector = _project.Editor.Inspect("Assets/a.prototxt");
        Assert.Contains("size", inspector.Root.Q<HelpBox>().text, StringComparison.Ordinal);
        Assert.Empty(_project.Loop.Log.Errors);
    }

    [Fact]
    public void WeightsAndTheirNetworkBecomeAnAssetThatCanBeTried()
    {
        CopyModel();
        Write("Assets/Model/labels.txt", "ball\nbox\n");
        AssetDatabase.Refresh();
        NetworkAsset asset = AssetDatabase.LoadAssetAtPath<NetworkAsset>("Assets/Model/small_iter_8.caffemodel");
        Assert.NotNull(asset);
        Assert.Equal(["ball", "box"], asset.Labels);
        Assert.Equal(8, asset.Iteration);
        Assert.Equal("Assets/Model/small_iter_8.caffemodel", asset.SourcePath);
        Assert.Equal(new FileInfo(Full("Assets/Model/small_iter_8.caffemodel")).Length, asset.WeightBytes);
        using Inspection inspector = _project.Editor.Inspect("Assets/Model/small_iter_8.caffemodel");
        Assert.Equal("Classes: ball, box", inspector.Root.Q<Label>("labels").text);
        _project.Until(() => inspector.Root.Q("layer-conv1") != null, "the layers");
        var texture = new Texture2D(70, 70);
        texture.Apply();
        Assert.True(_project.Editor.Drop(inspector.Root.Q("trial"), [texture]));
        _project.Until(() => inspector.Root.Q("trial-scores").childCount == 2, "an answer");
        float[] answers = inspector.Root.Q("trial-scores").Children().Cast<ProgressBar>().Select(bar => bar.value).ToArray();
        Assert.Equal(1, answers.Sum(), 4);
        Assert.True(answers[0] >= answers[1]);
        Assert.False(_project.Editor.Drop(inspector.Root.Q("trial"), [], "Assets/labels.txt"));
    }

    [Fact]
    public void NamesThatChangeAreTakenOver()
    {
        CopyModel();
        Write("Assets/Model/labels.txt", "ball\nbox\n");
        AssetDatabase.Refresh();
        Write("Assets/Model/labels.txt", "round\nsquare\n");
        AssetDatabase.Refresh();
        Assert.Equal(["round", "square"], AssetDatabase.LoadAssetAtPath<NetworkAsset>("Assets/Model/small_iter_8.caffemodel").Labels);
    }

    [Fact]
    public void NamesThatComeLaterAreTaken()
    {
        CopyModel();
        AssetDatabase.Refresh();
        Assert.Empty(Model().Labels);
        Write("Assets/Model/labels.txt", "ball\nbox\n");
        AssetDatabase.Refresh();
        Assert.Equal(["ball", "box"], Model().Labels);
        // The likelier file wins, whenever it comes, and what it hides counts no more.
        Write("Assets/Model/small_iter_8.labels.txt", "round\nsquare\n");
        AssetDatabase.Refresh();
        Assert.Equal(["round", "square"], Model().Labels);
        int imports = _project.Editor.Assets.ImportsOf(Weights);
        Write("Assets/Model/labels.txt", "neither\nnor\n");
        AssetDatabase.Refresh();
        Assert.Equal(imports, _project.Editor.Assets.ImportsOf(Weights));
    }

    [Fact]
    public void ALikelierNetworkThatComesLaterIsTaken()
    {
        CopyModel();
        AssetDatabase.Refresh();
        Assert.Contains("seed_small", Model().Deploy, StringComparison.Ordinal);
        Write("Assets/Model/small.prototxt", File.ReadAllText(Full("Assets/Model/deploy.prototxt")).Replace("seed_small", "later", StringComparison.Ordinal));
        AssetDatabase.Refresh();
        Assert.Contains("later", Model().Deploy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mean.binaryproto", "Assets/Model/mean.binaryproto")]
    [InlineData("Assets/mean.binaryproto", "Assets/Model/Assets/mean.binaryproto")]
    [InlineData("../mean.binaryproto", "Assets/mean.binaryproto")]
    public void AMeanImageThatChangesIsTakenOver(string named, string path)
    {
        CopyModel();
        string network = File.ReadAllText(Full("Assets/Model/deploy.prototxt"));
        Write("Assets/Model/deploy.prototxt", network.Replace("type: \"Input\"", $"type: \"Input\" transform_param {{ mean_file: \"{named}\" }}", StringComparison.Ordinal));
        AssetDatabase.Refresh();
        Assert.Null(Model());
        Assert.Contains("mean file", Assert.Single(_project.Loop.Log.Errors).Message, StringComparison.Ordinal);
        _project.Loop.Log.Clear();
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        WriteMean(path, 1);
        AssetDatabase.Refresh();
        Assert.Equal(1, Mean());
        WriteMean(path, 2);
        AssetDatabase.Refresh();
        Assert.Equal(2, Mean());
        Assert.Empty(_project.Loop.Log.Errors);

        float Mean() => Model().Describe().Mean!().Values[0];
    }

    [Fact]
    public void WeightsAloneSayWhatIsMissingAndAreReadAgainWhenItComes()
    {
        CopyModel();
        File.Move(Full("Assets/Model/deploy.prototxt"), Full("Assets/deploy.later"));
        AssetDatabase.Refresh();
        using (Inspection inspector = _project.Editor.Inspect("Assets/Model/small_iter_8.caffemodel"))
            Assert.Contains("deploy.prototxt", inspector.Root.Q<HelpBox>("problem").text, StringComparison.Ordinal);
        Assert.Single(_project.Loop.Log.Errors);
        _project.Loop.Log.Clear();
        File.Move(Full("Assets/deploy.later"), Full("Assets/Model/small.prototxt"));
        AssetDatabase.Refresh();
        Assert.NotNull(AssetDatabase.LoadAssetAtPath<NetworkAsset>("Assets/Model/small_iter_8.caffemodel"));
        Assert.Empty(_project.Loop.Log.Errors);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("text")]
    [InlineData("another network")]
    [InlineData("too many names")]
    public void ABrokenModelShowsItsMessageInTheInspector(string damage)
    {
        CopyModel();
        string weights = Full("Assets/Model/small_iter_8.caffemodel"), network = Full("Assets/Model/deploy.prototxt");
        if (damage == "truncated") File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..5000]);
        if (damage == "text") File.WriteAllText(weights, "version https://git-lfs.github.com/spec/v1\n");
        if (damage == "another network") File.WriteAllText(network, File.ReadAllText(network).Replace("num_output: 48", "num_output: 24", StringComparison.Ordinal));
        if (damage == "too many names") Write("Assets/Model/labels.txt", "a\nb\nc\n");
        AssetDatabase.Refresh();
        Assert.Null(AssetDatabase.LoadAssetAtPath<NetworkAsset>("Assets/Model/small_iter_8.caffemodel"));
        using Inspection inspector = _project.Editor.Inspect("Assets/Model/small_iter_8.caffemodel");
        string problem = inspector.Root.Q<HelpBox>("problem").text;
        string expected = damage switch { "text" => "git lfs pull", "another network" => "conv1", "too many names" => "3 class names", _ => "small_iter_8.caffemodel" };
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(problem, Assert.Single(_project.Loop.Log.Errors).Message, StringComparison.Ordinal);
        _project.Loop.Log.Clear();
    }

    private void CopyModel()
    {
        Directory.CreateDirectory(Full("Assets/Model"));
        File.Copy(GoldenFolder.SampleOf("seed_small/seed_small.caffemodel"), Full("Assets/Model/small_iter_8.caffemodel"));
        File.Copy(GoldenFolder.SampleOf("seed_small/deploy.prototxt"), Full("Assets/Model/deploy.prototxt"));
    }

    private static NetworkAsset Model() => AssetDatabase.LoadAssetAtPath<NetworkAsset>(Weights);

    private void WriteMean(string path, float value)
    {
        var values = new float[3 * 70 * 70];
        Array.Fill(values, value);
        new MeanImage(values, 3, 70, 70, "a test").Write(Full(path), overwrite: true);
        // Two writes may fall into one tick of the disk's clock.
        File.SetLastWriteTimeUtc(Full(path), new DateTime(2026, 1, (int)value, 0, 0, 0, DateTimeKind.Utc));
    }

    private string Full(string path) => Path.Combine(_project.Folder, path);

    private void Write(string path, string text) => File.WriteAllText(Full(path), text);
}
