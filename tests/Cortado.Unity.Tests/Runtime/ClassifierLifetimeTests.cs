using Cortado.Backends;
using Cortado.Inference;
using Cortado.OpenCL;
using UnityDoubles;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

public sealed class ClassifierLifetimeTests
{
    public static TheoryData<string> Orders => new("disable", "deactivate", "destroy component", "destroy object", "disable enable disable", "enable twice", "destroy at once", "disable then destroy", "network away", "quit", "dispose");

    [Theory]
    [MemberData(nameof(Orders))]
    public void However_it_ends_nothing_is_left(string order)
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        GameObject owner = classifier.gameObject;
        if (order != "destroy at once") stage.Until(() => classifier.Latest.Count > 0);
        else stage.Loop.Frame();
        switch (order)
        {
            case "disable":
                classifier.enabled = false;
                break;
            case "deactivate":
                owner.SetActive(false);
                break;
            case "destroy component":
                UnityEngine.Object.Destroy(classifier);
                break;
            case "destroy object":
            case "destroy at once":
                UnityEngine.Object.Destroy(owner);
                break;
            case "disable enable disable":
                classifier.enabled = false;
                classifier.enabled = true;
                stage.Loop.Frames(3);
                classifier.enabled = false;
                break;
            case "enable twice":
                for (int i = 0; i < 2; i++)
                {
                    classifier.enabled = false;
                    classifier.enabled = true;
                    stage.Until(() => classifier.Latest.Count > 0);
                }
                classifier.enabled = false;
                break;
            case "disable then destroy":
                classifier.enabled = false;
                UnityEngine.Object.DestroyImmediate(owner);
                break;
            case "network away":
                classifier.Network = null;
                break;
            case "quit":
                stage.Loop.Quit();
                Assert.Equal(0, stage.Backends.Live);
                return;
            case "dispose":
                stage.Loop.Dispose();
                Assert.Equal(0, stage.Backends.Live);
                return;
        }
        stage.Until(() => stage.Backends.Live == 0 && stage.Loop.Gpu.LiveRenderTextures == 0);
        Assert.True(stage.Backends.Opened > 0 || order == "destroy at once");
        foreach (Thread thread in stage.Backends.Threads) Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
        Assert.Empty(stage.Loop.Log.Errors);
    }

    [Fact]
    public void A_reload_of_the_domain_finds_no_thread_and_the_component_goes_on_afterwards()
    {
        using var stage = new Stage();
        NetworkAsset network = stage.Asset();
        ImageClassifier classifier = stage.Classifier(network);
        stage.Until(() => classifier.Latest.Count > 0);
        int live = -1, threads = -1, textures = -1;
        stage.Loop.DomainLoaded += () =>
        {
            live = stage.Backends.Live;
            threads = stage.Backends.Threads.Count(t => t.IsAlive);
            textures = stage.Loop.Gpu.LiveRenderTextures;
            classifier.OpenDevice = stage.Backends.Open;
        };
        stage.Loop.ReloadDomain();
        Assert.Equal((0, 0, 0), (live, threads, textures));
        Assert.False(classifier.IsReady);
        stage.Until(() => classifier.Latest.Count > 0);
        Assert.Equal(2, stage.Backends.Opened);
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Fact]
    public void A_reload_waits_for_a_component_that_was_just_disabled_or_destroyed()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Latest.Count > 0);
        UnityEngine.Object.DestroyImmediate(classifier.gameObject);
        int live = -1;
        stage.Loop.DomainLoaded += () => live = stage.Backends.Live;
        stage.Loop.ReloadDomain();
        Assert.Equal(0, live);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Leaving_play_mode_leaves_nothing_whether_or_not_the_domain_is_reloaded(bool reloads)
    {
        using var stage = new Stage(playing: false);
        ImageClassifier classifier = stage.Classifier(stage.Asset());
        for (int i = 0; i < 3; i++) stage.Loop.EditorTick();
        Assert.Equal(0, stage.Backends.Opened);
        stage.Loop.EnterPlayMode(reloads);
        classifier.OpenDevice = stage.Backends.Open;
        stage.Until(() => classifier.Latest.Count > 0);
        stage.Loop.ExitPlayMode();
        Assert.Equal(0, stage.Backends.Live);
        stage.Until(() => stage.Loop.Gpu.LiveRenderTextures == 0);
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Fact]
    public void Many_times_on_and_off_leaves_nothing()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        for (int i = 0; i < 10; i++)
        {
            classifier.enabled = true;
            stage.Loop.Frames(i);
            classifier.enabled = false;
        }
        stage.Until(() => stage.Backends.Live == 0 && stage.Loop.Gpu.LiveRenderTextures == 0);
        classifier.enabled = true;
        stage.Until(() => classifier.Latest.Count > 0);
        Assert.Equal(1, stage.Backends.Live);
    }

    [Fact]
    public void Swapping_networks_keeps_the_old_one_until_the_new_one_is_there()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Latest.Count > 0);
        File.WriteAllText(Path.Combine(stage.Folder, "labels.txt"), "left\nright\n");
        NetworkAsset next = stage.Network();
        classifier.Network = next;
        bool everUnready = false;
        stage.Until(() =>
        {
            everUnready |= !classifier.IsReady;
            return classifier.Latest.Label is "left" or "right";
        });
        Assert.False(everUnready);
        Assert.Equal(1, stage.Backends.Opened);
        Assert.Empty(stage.Loop.Log.Errors);
    }

    [Fact]
    public void A_network_that_was_destroyed_is_let_go()
    {
        using var stage = new Stage();
        NetworkAsset network = stage.Network();
        ImageClassifier classifier = stage.Classifier(network);
        stage.Until(() => classifier.Latest.Count > 0);
        UnityEngine.Object.Destroy(network);
        stage.Until(() => stage.Backends.Live == 0);
        Assert.False(classifier.IsReady);
        Assert.Empty(stage.Loop.Log.Errors);
    }

    [Fact]
    public void A_broken_network_is_told_once_and_a_whole_one_cures_it()
    {
        using var stage = new Stage();
        byte[] bytes = File.ReadAllBytes(Stage.Weights);
        string broken = Path.Combine(stage.Folder, "broken.caffemodel");
        File.WriteAllBytes(broken, bytes.AsSpan(0, bytes.Length / 2).ToArray());
        NetworkAsset network = stage.Network();
        network.SetWeights(new TextAsset(File.ReadAllBytes(broken)));
        ClearFile(network);
        ImageClassifier classifier = stage.Classifier(network);
        var errors = new List<string>();
        classifier.OnError.AddListener(errors.Add);
        Task warm = classifier.WarmUp();
        stage.Until(() => errors.Count > 0);
        stage.Loop.Frames(50);
        Assert.Single(errors);
        Assert.Contains("damaged", errors[0], StringComparison.Ordinal);
        Assert.Equal(errors[0], Assert.Single(stage.Loop.Log.Errors).Message);
        Assert.Equal(errors[0], classifier.Error);
        Assert.True(warm.IsFaulted);

        classifier.Network = stage.Network();
        stage.Until(() => classifier.Latest.Count > 0);
        Assert.Equal("", classifier.Error);
        Assert.Single(errors);
    }

    [Fact]
    public void Who_is_told_of_an_error_may_disable_the_component()
    {
        using var stage = new Stage();
        File.WriteAllText(Path.Combine(stage.Folder, "labels.txt"), "one\ntwo\nthree\n");
        ImageClassifier classifier = stage.Classifier();
        classifier.OnError.AddListener(_ => classifier.enabled = false);
        stage.Until(() => !classifier.enabled);
        stage.Until(() => stage.Backends.Live == 0);
        Assert.Single(stage.Loop.Log.Errors);
    }

    [Fact]
    public void Without_OpenCL_the_CPU_computes_and_that_is_said_once()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        classifier.Device = ClassifierDevice.OpenCL;
        classifier.OpenDevice = (device, note) => ComputeDevice.Open(device, note, () => throw new CortadoException("There is no device opencl: no driver is installed."));
        stage.Until(() => classifier.Latest.Count > 0);
        stage.Loop.Frames(20);
        LogEntry told = Assert.Single(stage.Loop.Log.Entries);
        Assert.Equal(LogType.Warning, told.Type);
        Assert.Contains("The CPU computes", told.Message, StringComparison.Ordinal);
        Assert.Contains("no driver is installed", told.Message, StringComparison.Ordinal);
        Assert.Contains("managed backend", classifier.DeviceName, StringComparison.Ordinal);
        Assert.Same(classifier, told.Context);
        stage.Network();
        classifier.Network = stage.Network();
        stage.Loop.Frames(5);
        Assert.Single(stage.Loop.Log.Entries);
    }

    [Fact]
    public void Another_device_is_opened_when_the_setting_changes()
    {
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        stage.Until(() => classifier.Latest.Count > 0);
        classifier.Device = ClassifierDevice.Cpu;
        stage.Until(() => stage.Backends.Opened == 2 && stage.Backends.Live == 1);
        stage.Until(() => classifier.IsReady);
    }

    [Fact]
    public void OpenCL_memory_is_given_back()
    {
        if (OpenClPlatforms.Discover() is { Devices.Count: 0 } none) Assert.Skip(none.Problem!);
        using var stage = new Stage();
        ImageClassifier classifier = stage.Classifier();
        var opened = new List<OpenClBackend>();
        classifier.Device = ClassifierDevice.OpenCL;
        classifier.OpenDevice = (device, note) =>
        {
            IBackend backend = ComputeDevice.Open(device, note);
            opened.Add((OpenClBackend)backend);
            return backend;
        };
        stage.Until(() => classifier.Latest.Count > 0);
        long one = Assert.Single(opened).AllocatedBytes;
        Assert.True(one > 0);
        ClassScore[] expected = stage.Expected(NoisePainter.Picture(70, 70, 1));
        Assert.Equal(expected[0].Label, classifier.Latest.Label);
        Assert.Equal(expected[0].Probability, classifier.Latest.Probability, 1e-3f);
        for (int i = 0; i < 3; i++)
        {
            NetworkAsset next = stage.Network();
            classifier.Network = next;
            stage.Until(() => classifier.Background.Status.Network == i + 2);
            stage.Until(() => opened[0].AllocatedBytes == one);
        }
        classifier.enabled = false;
        stage.Until(() => opened[0].AllocatedBytes == 0);
        classifier.enabled = true;
        stage.Until(() => classifier.Latest.Count > 0);
        UnityEngine.Object.Destroy(classifier.gameObject);
        stage.Until(() => opened.Count == 2 && opened[1].AllocatedBytes == 0);
    }

    private static void ClearFile(NetworkAsset network) =>
        typeof(NetworkAsset).GetField("_weightFile", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.SetValue(network, "");
}
