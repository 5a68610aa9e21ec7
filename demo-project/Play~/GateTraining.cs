using Cortado.Backends.Cpu;
using Cortado.Lmdb;
using Cortado.OpenCL;
using Cortado.Training;
using Cortado.Unity;

namespace Cortado.Demo.Play;

/// <summary>Trains the network on what was recorded, with the job that the training window uses.</summary>
/// <param name="game">The game, which has recorded.</param>
/// <param name="device">What computes: <c>cpu</c>, or <c>auto</c> for the fastest of what there is.</param>
internal sealed class GateTraining(Game game, string device) : IDisposable
{
    private readonly TrainingJob _job = new(
        new TrainingRequest(game.Files.Solver, Path.Combine(game.Folder, "Training")) { Device = device },
        Open,
        new LmdbProvider());

    public TrainingJob Job => _job;

    /// <summary>The held-out accuracy that was measured last; null before the first test.</summary>
    public float? Accuracy
    {
        get
        {
            TestPoint[] tests = _job.History.Tests();
            for (int i = tests.Length - 1; i >= 0; i--)
                if (tests[i].Output == "accuracy") return tests[i].Value;
            return null;
        }
    }

    public void Start() => _job.Start();

    /// <summary>The network that came out; to be called when the job has ended.</summary>
    /// <exception cref="CortadoException">The training failed.</exception>
    public NetworkAsset Network()
    {
        if (_job.State != TrainingState.Finished) throw new CortadoException($"The training ended too early ({_job.State}): {_job.Problem}");
        string weights = Directory.EnumerateFiles(_job.Request.Folder, "*.caffemodel").OrderBy(File.GetLastWriteTimeUtc).Last();
        return NetworkAsset.FromFiles(Path.Combine(Path.GetDirectoryName(game.Files.Solver)!, "train_val.prototxt"), weights, Path.Combine(game.Teacher.Folder, "labels.txt"));
    }

    public void Dispose() => _job.Dispose();

    private static OpenedDevice Open(string key)
    {
        if (key == "cpu") return new OpenedDevice(new CpuBackend(), key, "the CPU was asked for");
        DeviceChoice choice = DeviceChoice.Auto();
        return new OpenedDevice(choice.Backend, key, choice.Reason);
    }
}
