using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

/// <summary>A training that is killed at any moment, above all while it writes a snapshot, leaves something whole to go on from.</summary>
public class KillTests
{
    private const int Kills = 6;
    private const string Folder = "CORTADO_TEST_KILL_FOLDER";
    private const string Settings = "type: 'Adam' base_lr: 0.001 momentum: 0.9 lr_policy: 'fixed' snapshot: 1 display: 0 max_iter: 1000000";

    [Fact]
    public void KilledAtAnyMomentATrainingGoesOnToTheSameBits()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { } folderOfChild)
        {
            // This process is the one that will be killed.
            Train(folderOfChild);
            return;
        }
        // Where there is no such device, this is skipped rather than seen to fail in the child.
        TestBackend.Create().Dispose();
        using var folder = new TempFolder();
        var random = new Random(7);
        for (int kill = 0; kill < Kills; kill++)
        {
            int before = Newest(folder.Path);
            using Process child = StartChild(folder.Path);
            var patience = Stopwatch.StartNew();
            while (Newest(folder.Path) <= before && !child.HasExited && patience.Elapsed.TotalSeconds < 90) Thread.Sleep(1);
            Assert.False(child.HasExited, "the training ended by itself");
            Thread.Sleep(random.Next(120));
            child.Kill();
            child.WaitForExit();
            Assert.True(Newest(folder.Path) > before, "no snapshot was written");
            CheckAll(folder.Path);
        }

        int done = Newest(folder.Path);
        using IBackend backend = TestBackend.Create();
        using Solver resumed = Create(folder.Path, backend, Checkpoint(folder.Path, done)), whole = Create(folder.Path, backend, null);
        whole.Parameter.Snapshot = 0;
        whole.Step(done);
        Assert.Equal(SmallTraining.Bits(whole), SmallTraining.Bits(resumed));
    }

    private static Process StartChild(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(KillTests).FullName}.{nameof(KilledAtAnyMomentATrainingGoesOnToTheSameBits)}");
        start.Environment[Folder] = folder;
        return Process.Start(start)!;
    }

    private static void Train(string folder)
    {
        int newest = Newest(folder);
        using IBackend backend = TestBackend.Create();
        using Solver solver = Create(folder, backend, newest > 0 ? Checkpoint(folder, newest) : null);
        solver.Solve();
    }

    private static Solver Create(string folder, IBackend backend, string? snapshot)
    {
        SolverParameter parameter = SmallTraining.Parameter(Path.Combine(folder, "snap"), Settings);
        // A few hundred kilobytes, so that most of the time goes into writing.
        parameter.NetParam.Layer.Single(layer => layer.Name == "ip1").InnerProductParam.NumOutput = 300;
        return new Solver(parameter, SmallTraining.Options(backend, snapshot));
    }

    // Every file that has its name is whole, and every .solverstate has what belongs to it.
    private static void CheckAll(string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "snap_iter_*"))
        {
            switch (Path.GetExtension(file))
            {
                case ".cortado":
                    CheckpointReader.Open(file).Dispose();
                    break;
                case ".caffemodel":
                    Assert.NotEmpty(NetParameter.Parser.ParseFrom(File.ReadAllBytes(file)).Layer);
                    break;
                case ".solverstate":
                    SolverState state = SolverState.Parser.ParseFrom(File.ReadAllBytes(file));
                    Assert.True(File.Exists(state.LearnedNet));
                    Assert.True(File.Exists(Path.ChangeExtension(file, ".cortado")));
                    break;
            }
        }
        int newest = Newest(folder);
        foreach (string file in Directory.GetFiles(folder, "snap_iter_*"))
            if (Path.GetFileNameWithoutExtension(file) != Path.GetFileNameWithoutExtension(Checkpoint(folder, newest))) File.Delete(file);
    }

    private static string Checkpoint(string folder, int iteration) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"snap_iter_{iteration}.cortado"));

    private static int Newest(string folder)
    {
        int newest = 0;
        foreach (string file in Directory.GetFiles(folder, "snap_iter_*.cortado"))
            newest = Math.Max(newest, int.Parse(Path.GetFileNameWithoutExtension(file)["snap_iter_".Length..], CultureInfo.InvariantCulture));
        return newest;
    }
}
