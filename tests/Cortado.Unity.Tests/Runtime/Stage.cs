using Cortado.Backends.Cpu;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Tests;
using UnityDoubles;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>A game with a camera, and a small network that Caffe trained (tests/Golden/seed_small): 70 x 70 pixels, two classes.</summary>
internal sealed class Stage : IDisposable
{
    public Stage(string transform = "transform_param { scale: 0.004 }", bool playing = true)
    {
        Loop = new PlayerLoop(playing) { AllocationCounter = GC.GetAllocatedBytesForCurrentThread };
        Loop.Gpu.Renderer = Painter;
        Folder = Directory.CreateTempSubdirectory("cortado-unity-").FullName;
        string text = File.ReadAllText(GoldenFolder.SampleOf("seed_small/deploy.prototxt"));
        Deploy = Path.Combine(Folder, "deploy.prototxt");
        File.WriteAllText(Deploy, text.Insert(text.IndexOf("input_param", StringComparison.Ordinal), transform + "\n  "));
        File.WriteAllText(Path.Combine(Folder, "labels.txt"), "ball\nbox\n");
        Camera = new GameObject("Camera").AddComponent<Camera>();
    }

    public static string Weights => GoldenFolder.SampleOf("seed_small/seed_small.caffemodel");

    public PlayerLoop Loop { get; }

    public NoisePainter Painter { get; } = new();

    public Backends Backends { get; } = new();

    public Camera Camera { get; }

    public string Folder { get; }

    public string Deploy { get; }

    public NetworkAsset Network() => NetworkAsset.FromFiles(Deploy, Weights);

    /// <summary>The same network as an importer makes it, with its weights in a text asset.</summary>
    public NetworkAsset Asset()
    {
        var network = ScriptableObject.CreateInstance<NetworkAsset>();
        network.name = "ball_or_box";
        network.Fill(NetworkParts.Read(Deploy, Weights, null));
        network.SetWeights(new TextAsset(File.ReadAllBytes(Weights)));
        return network;
    }

    /// <summary>A component that classifies what the camera sees, on the managed backend and without a limit.</summary>
    public ImageClassifier Classifier(NetworkAsset? network = null, GameObject? owner = null)
    {
        ImageClassifier classifier = (owner ?? new GameObject("Classifier")).AddComponent<ImageClassifier>();
        classifier.OpenDevice = Backends.Open;
        classifier.SourceCamera = Camera;
        classifier.BudgetMilliseconds = 0;
        classifier.TopK = 2;
        classifier.Network = network ?? Network();
        return classifier;
    }

    /// <summary>What the core says of a picture.</summary>
    public ClassScore[] Expected(Data.Image picture)
    {
        using var backend = new CpuBackend(1);
        using Classifier classifier = Inference.Classifier.Load(Deploy, Weights, new ClassifierOptions { Backend = backend });
        var top = new ClassScore[2];
        classifier.Classify(picture, top);
        return top;
    }

    public void Until(Func<bool> done)
    {
        bool happened = Loop.RunUntil(() => Loop.Log.Entries.Any(e => e.Type == LogType.Exception) || done());
        Assert.True(happened && done(), "It did not happen. Logged: " + string.Join("\n", Loop.Log.Entries));
    }

    public static void Same(ClassScore[] expected, Classification actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i]);
    }

    public void Dispose()
    {
        Loop.Dispose();
        Directory.Delete(Folder, true);
    }
}
