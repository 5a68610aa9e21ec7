using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.OpenCL;

namespace Cortado.Cli.Timing;

/// <summary>How long a network takes from nothing to its first answer, in milliseconds. Random weights stand for trained ones; making them does not count.</summary>
/// <param name="OpenMs">Opening the device.</param>
/// <param name="BuildMs">Building the network: kernels are compiled, or taken from the cache.</param>
/// <param name="FirstMs">The first image.</param>
/// <param name="NextMs">An image later: the median of some.</param>
/// <param name="Compiled">Programs compiled from source; 0 on the managed backend.</param>
/// <param name="Cached">Programs taken from Cortado's cache.</param>
internal sealed record StartTiming(double OpenMs, double BuildMs, double FirstMs, double NextMs, int Compiled, int Cached)
{
    /// <summary>How starts are written, for programs and from one process to the other.</summary>
    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private const int Images = 20;

    /// <summary>All up to the first answer.</summary>
    public double TotalMs => OpenMs + BuildMs + FirstMs;

    /// <summary>Starts the network in this process.</summary>
    /// <exception cref="CortadoException">The network or the device is wrong.</exception>
    public static StartTiming Measure(string model, int batch, bool half, Func<IBackend> open)
    {
        PrototxtDocument<NetParameter> document = NetFile.Load(model);
        NetParameter net = document.Message;
        if (DeployNetwork.IsNeeded(net)) net = DeployNetwork.Derive(net, TrainingImageSize.Of(net, new LmdbProvider(), new PathResolver(model))).Net;
        net = BatchOverride.Apply(DeployNetwork.WithoutFillers(net), batch);
        long start = Stopwatch.GetTimestamp();
        using IBackend backend = open();
        double opened = Lap(ref start);
        using Net built = Net.Build(net, new NetOptions { Backend = backend, FrozenWeights = true, FileName = model, Locations = document.Locations });
        double builtMs = Lap(ref start);
        if (half) HalfOption.Check(built, model);
        InMemoryData.Fill(built, seed: 1);
        backend.Synchronize();
        Lap(ref start);
        Answer(built);
        double first = Lap(ref start);
        var next = new double[Images];
        for (int i = 0; i < Images; i++)
        {
            Answer(built);
            next[i] = Lap(ref start);
        }
        return new StartTiming(opened, builtMs, first, Median.Of(next), (backend as OpenClBackend)?.CompiledPrograms ?? 0, (backend as OpenClBackend)?.CachedPrograms ?? 0);
    }

    /// <summary>Starts the network in two processes, one after the other, with a cache of their own that is empty before the first.</summary>
    /// <param name="arguments">What makes the command measure one start in its own process and write it as JSON.</param>
    /// <param name="cancel">Ends the process that runs.</param>
    /// <exception cref="CortadoException">A process failed; the message is its own.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the cache is gone again.</exception>
    public static (StartTiming Cold, StartTiming Warm) MeasureColdAndWarm(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        string folder = Directory.CreateTempSubdirectory("cortado-start-").FullName;
        try
        {
            return (InProcess(arguments, folder, cancel), InProcess(arguments, folder, cancel));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static StartTiming InProcess(IReadOnlyList<string> arguments, string folder, CancellationToken cancel)
    {
        string program = Environment.ProcessPath ?? throw new CortadoException("This process does not know its own program, so it cannot be started again.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Run by the runtime's own program, the first argument is the assembly.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        // Drivers keep compiled kernels, too: PoCL and NVIDIA where these say, Intel and Mesa likewise.
        foreach ((string variable, string name) in new[] { ("CORTADO_CACHE", "cortado"), ("POCL_CACHE_DIR", "pocl"), ("CUDA_CACHE_PATH", "nvidia"), ("NEO_CACHE_DIR", "intel"), ("MESA_SHADER_CACHE_DIR", "mesa") })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            start.Environment[variable] = Path.Combine(folder, name);
        }
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration end = cancel.Register(() => process.Kill(entireProcessTree: true));
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        // The process has said that it is an error; this one says it once more, and once is enough.
        if (process.ExitCode != 0) throw new CortadoException($"A start of the network failed: {error.Result.Replace("error: ", "", StringComparison.Ordinal).Trim()}");
        return JsonSerializer.Deserialize<StartTiming>(output, Json)!;
    }

    /// <summary>Two starts as a table.</summary>
    public static void Write(Terminal terminal, StartTiming cold, StartTiming warm)
    {
        var table = new TextTable("start", ">open ms", ">build ms", ">first answer ms", ">together ms", ">then ms", ">compiled", ">from the cache");
        foreach ((string name, StartTiming timing) in new[] { ("cold, nothing cached", cold), ("warm", warm) })
        {
            table.Row(name, Number(timing.OpenMs), Number(timing.BuildMs), Number(timing.FirstMs), Number(timing.TotalMs), Number(timing.NextMs),
                timing.Compiled.ToString(CultureInfo.InvariantCulture), timing.Cached.ToString(CultureInfo.InvariantCulture));
        }
        table.Write(terminal);
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"A warm start takes {100 * warm.TotalMs / cold.TotalMs:F1} % of a cold one."));
    }

    private static void Answer(Net net)
    {
        net.Forward();
        foreach (Tensors.Blob output in net.Outputs) output.ReadData();
    }

    private static double Lap(ref long start)
    {
        long now = Stopwatch.GetTimestamp();
        double ms = (now - start) * 1000.0 / Stopwatch.Frequency;
        start = now;
        return ms;
    }

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
