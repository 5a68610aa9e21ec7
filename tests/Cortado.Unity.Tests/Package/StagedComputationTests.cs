using Cortado.Tests;

namespace Cortado.Unity.Tests.Package;

/// <summary>
/// The staged assemblies compute what Caffe computed, on .NET and on Mono, on the CPU and on OpenCL, with a stock Google.Protobuf and a stock
/// Unsafe in the same folder and the first of them loaded in the same process.
/// </summary>
public sealed class StagedComputationTests : IDisposable
{
    private const double Tolerance = 1e-5, LossBeyondKink = 1e-4;

    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-staged-").FullName;

    [Theory]
    [InlineData("dotnet", "cpu")]
    [InlineData("dotnet", "opencl")]
    [InlineData("mono", "cpu")]
    [InlineData("mono", "opencl")]
    public void Caffes_numbers(string runtime, string device)
    {
        StagedSmokeRun run = runtime == "mono" ? OnMono(device) : OnDotnet(device);
        if (run.ExitCode == 3) Assert.Skip(run["problem"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("stock Google.Protobuf Cortado.ThirdParty.Google.Protobuf", run["stock"]);
        Close(GoldenFolder.Floats("seed_small/prob.f32"), run.Floats("prob"), Tolerance);
        float[] losses = Losses();
        Close(losses[..4], run.Floats("losses")[..4], Tolerance);
        Close(losses, run.Floats("losses"), LossBeyondKink);
        // The training that went on from a checkpoint repeats the uninterrupted one bit for bit.
        Assert.Equal(run.Floats("losses")[3..], run.Floats("resumed"));
        Assert.Equal(1, run.Floats("scores").Sum(), 1e-5);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private StagedSmokeRun OnMono(string device)
    {
        string? mono = Installed.Find("mono");
        Assert.SkipWhen(mono is null, "Mono is not installed (mono-complete on Debian and Ubuntu); the package's assemblies are not tried on it.");
        string program = CopyProgram();
        McsModifiers.Remove(Path.GetDirectoryName(program)!);
        return StagedSmokeRun.Start(mono, [program, .. Arguments(device)]);
    }

    private StagedSmokeRun OnDotnet(string device)
    {
        string program = CopyProgram();
        string configuration = Path.Combine(_folder, "net.runtimeconfig.json");
        File.WriteAllText(configuration, """{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }""");
        return StagedSmokeRun.Start(Installed.Dotnet, ["exec", "--runtimeconfig", configuration, program, .. Arguments(device)]);
    }

    private string[] Arguments(string device) => [Path.Combine(GoldenFolder.Repository, "tests", "Golden"), _folder, device];

    /// <summary>The program and all assemblies beside it: the staged ones, the stock one, and what that one depends on.</summary>
    private string CopyProgram()
    {
        string target = Directory.CreateDirectory(Path.Combine(_folder, "program")).FullName;
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        string source = Path.Combine(GoldenFolder.Repository, "tests", "Cortado.StagedSmoke", "bin", configuration, "netstandard2.1");
        foreach (string file in Directory.EnumerateFiles(source, "*.dll"))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
        return Path.Combine(target, "Cortado.StagedSmoke.dll");
    }

    private static float[] Losses() =>
        GoldenFolder.Index("seed_small/index.json")!.Value.GetProperty("training").GetProperty("losses").EnumerateArray().Select(v => v.GetSingle()).ToArray();

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
