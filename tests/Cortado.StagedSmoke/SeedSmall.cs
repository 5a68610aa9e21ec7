extern alias ThirdParty;
using System.Runtime.InteropServices;
using System.Text;
using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.Solvers;
using Cortado.Tensors;
using ThirdParty::Google.Protobuf;

namespace Cortado.StagedSmoke;

/// <summary>The asker's network in small: the forward pass and the training of which Caffe's numbers are known, through an LMDB of our own writing.</summary>
internal static class SeedSmall
{
    private const int Iterations = 8, ResumeFrom = 3;
    private const int Items = 8, Values = 3 * 70 * 70;

    /// <summary>The probabilities of two inputs.</summary>
    public static float[] Answer(IBackend backend, string golden)
    {
        using Net net = Net.Build(NetFile.Load(In(golden, "deploy.prototxt")).Message, new NetOptions { Backend = backend, FrozenWeights = true });
        WeightLoader.Load(net, In(golden, "seed_small.caffemodel"));
        ReadFloats(In(golden, "input.f32")).CopyTo(net.Blob("data").WriteData());
        net.Forward();
        return net.Blob("prob").ReadData().ToArray();
    }

    /// <summary>The losses of eight iterations; a checkpoint is left after the third.</summary>
    public static float[] Train(IBackend backend, string golden, string folder)
    {
        WriteDatabase(golden, Path.Combine(folder, "train_lmdb"));
        using Solver solver = Create(backend, golden, folder, snapshot: null);
        return Losses(solver, Path.Combine(folder, "after_3.cortado"));
    }

    /// <summary>The losses from the fourth iteration on, of a training that goes on from the checkpoint.</summary>
    public static float[] Resume(IBackend backend, string golden, string folder)
    {
        using Solver solver = Create(backend, golden, folder, Path.Combine(folder, "after_3.cortado"));
        return Losses(solver, null);
    }

    /// <summary>What a picture from a file shows, by Caffe's weights.</summary>
    public static float[] Classify(IBackend backend, string golden, string folder)
    {
        string labels = Path.Combine(folder, "labels.txt");
        File.WriteAllLines(labels, new[] { "ball", "box" });
        using Classifier classifier = Classifier.Load(In(golden, "deploy.prototxt"), In(golden, "seed_small.caffemodel"), new ClassifierOptions { Backend = backend, Labels = labels });
        IReadOnlyList<ClassScore> scores = classifier.Classify(Path.Combine(golden, "data", "png", "im0.png"), 2);
        return scores.OrderBy(s => s.Index).Select(s => s.Probability).ToArray();
    }

    private static float[] Losses(Solver solver, string? checkpoint)
    {
        var losses = new List<float>();
        while (solver.Iteration < Iterations)
        {
            solver.Step(1);
            losses.Add(solver.Net.Loss());
            if (checkpoint != null && solver.Iteration == ResumeFrom) solver.WriteCheckpoint(checkpoint);
        }
        return losses.ToArray();
    }

    private static Solver Create(IBackend backend, string golden, string folder, string? snapshot)
    {
        NetParameter net = NetFile.Load(In(golden, "train.prototxt")).Message;
        net.Layer[0].Type = "Data";
        net.Layer[0].MemoryDataParam = null;
        net.Layer[0].DataParam = new DataParameter { Source = Path.Combine(folder, "train_lmdb"), BatchSize = 4, Backend = DataParameter.Types.DB.Lmdb };
        SolverParameter parameter = SolverFile.Load(In(golden, "solver.prototxt")).Message;
        parameter.ClearNet();
        parameter.NetParam = net;
        return new Solver(parameter, new SolverOptions
        {
            Backend = backend,
            Databases = new LmdbProvider(),
            Weights = snapshot == null ? new[] { In(golden, "seed_small.caffemodel") } : Array.Empty<string>(),
            Snapshot = snapshot,
        });
    }

    private static void WriteDatabase(string golden, string path)
    {
        float[] data = ReadFloats(In(golden, "train_data.f32")), labels = ReadFloats(In(golden, "train_label.f32"));
        using LmdbWriter writer = LmdbWriter.Create(path, overwrite: true);
        for (int i = 0; i < Items; i++)
        {
            var datum = new Datum { Channels = 3, Height = 70, Width = 70, Label = (int)labels[i] };
            datum.FloatData.Add(data.AsSpan(i * Values, Values).ToArray());
            writer.Put(Encoding.ASCII.GetBytes($"{i:D8}"), datum.ToByteArray());
        }
        writer.Commit();
    }

    private static string In(string golden, string file) => Path.Combine(golden, "seed_small", file);

    private static float[] ReadFloats(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
}
