using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Cli.Timing;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.OpenCL;
using Cortado.Solvers;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado time</c>: how long a network takes, layer by layer, and how far that is from the machine's limit.</summary>
internal static class TimeCommand
{
    private const int DefaultIterations = 10;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The network prototxt; a database that is not here is replaced by random data.", HelpName = "F", Required = true };
        var phase = new Option<string?>("--phase") { Description = "Which layers are in. TEST times what answers: forward only, with weights that stay as they are. Default: TRAIN for a network with a loss, else TEST." };
        phase.AcceptOnlyFromAmong("TRAIN", "TEST");
        var batch = Numbers.Positive("--batch", "Items in a batch, instead of the file's own.");
        var iterations = Numbers.Positive("--iterations", $"Iterations of each kind; the median counts. Default {DefaultIterations}.");
        var device = DeviceOption.Create();
        var start = new Option<bool>("--start") { Description = "Time a start instead: to the first answer of the network that classifies, with nothing cached (cold) and again (warm)." };
        var startOnce = new Option<bool>("--start-once") { Hidden = true };
        var half = HalfOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("time", "Time a network: each layer forward and backward, then whole passes and whole training steps, with their share of the device's measured peak.")
        {
            model, phase, batch, iterations, device, half, start, startOnce, json,
        };
        command.SetAction(parsed =>
        {
            var request = new Request(
                parsed.GetRequiredValue(model), parsed.GetValue(phase) switch { "TEST" => Phase.Test, "TRAIN" => Phase.Train, _ => null }, parsed.GetValue(batch),
                parsed.GetValue(iterations) ?? DefaultIterations, parsed.GetValue(device), parsed.GetValue(half), parsed.GetValue(json));
            if (parsed.GetValue(startOnce)) return StartOnce(terminal, request);
            return parsed.GetValue(start) ? Start(terminal, request) : Run(terminal, request);
        });
        return command;
    }

    private sealed record Request(string Model, Phase? AskedPhase, int? Batch, int Iterations, string? Device, bool Half, bool Json)
    {
        public Phase Phase => AskedPhase ?? Phase.Train;
    }

    /// <summary>Two processes of this command, each of which starts the network once.</summary>
    private static int Start(Terminal terminal, Request request)
    {
        var arguments = new List<string> { "time", "--start-once", "--model", request.Model };
        if (request.Batch is { } batch) arguments.AddRange(["--batch", batch.ToString(CultureInfo.InvariantCulture)]);
        if (request.Device is { } device) arguments.AddRange(["--device", device]);
        if (request.Half) arguments.Add("--half");
        using var interrupt = new Interrupt(terminal);
        (StartTiming cold, StartTiming warm) = StartTiming.MeasureColdAndWarm(arguments, interrupt.Token);
        if (request.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(new { cold, warm }, StartTiming.Json));
        else StartTiming.Write(terminal, cold, warm);
        return ExitCode.Done;
    }

    private static int StartOnce(Terminal terminal, Request request)
    {
        StartTiming timing = StartTiming.Measure(request.Model, request.Batch ?? 1, request.Half, () => DeviceOption.Open(request.Device, null, request.Half, terminal));
        terminal.Out.WriteLine(JsonSerializer.Serialize(timing, StartTiming.Json));
        return ExitCode.Done;
    }

    private static int Run(Terminal terminal, Request request)
    {
        using var interrupt = new Interrupt(terminal);
        using CancellationTokenRegistration stopping = interrupt.Token.Register(() => terminal.Note("stopping after what is being measured or compiled: a driver cannot be interrupted in that."));
        using IBackend backend = DeviceOption.Open(request.Device, null, request.Half, terminal);
        PrototxtDocument<NetParameter> document = NetFile.Load(request.Model);
        if (document.Message.Layer.Count == 0) throw new CortadoException($"{request.Model}: has no layers; expected a network.");
        if (!document.Message.Layer.Any(IsLoss))
        {
            // Dropout would answer something else each time.
            if (request is { Half: true, AskedPhase: Phase.Train }) throw new CortadoException("--half is timed as what answers: leave --phase TRAIN out.");
            request = request with { AskedPhase = request.AskedPhase ?? Phase.Test };
        }
        NetParameter wanted = request.Batch is { } batch ? BatchOverride.Apply(document.Message, batch) : document.Message;
        (NetParameter net, List<string> notes) = InMemoryData.Replace(wanted, new NetState { Phase = request.Phase }, request.Model, new LmdbProvider());
        foreach (string note in notes) terminal.Note(note);
        DevicePeak peak = DevicePeak.Measure(backend);
        bool trains = request.Phase == Phase.Train && net.Layer.Any(IsLoss);
        if (request.Half && net.Layer.Any(IsLoss))
            throw new CortadoException($"--half: {request.Model} has a loss, and a network in training keeps whole weights. Time the network that classifies: 'cortado deploy' writes it.");
        (NetTiming timing, double? step, int items) = trains
            ? MeasureTraining(terminal, request, backend, net, document.Locations, interrupt.Token)
            : MeasureNet(terminal, request, backend, net, document.Locations, interrupt.Token);
        var report = new TimingReport(request.Model, request.Phase.ToString().ToUpperInvariant(), backend.Description, items, request.Iterations, peak, timing, step);
        if (request.Json) report.WriteJson(terminal.Out);
        else report.WriteText(terminal);
        return ExitCode.Done;
    }

    /// <summary>A network that does not train: its weights stay as they are, so that what a backend makes of them is made once.</summary>
    private static (NetTiming, double?, int) MeasureNet(Terminal terminal, Request request, IBackend backend, NetParameter parameter, SourceMap locations, CancellationToken cancel)
    {
        using Net net = Build(backend);
        if (request.Half) HalfOption.Check(net, request.Model);
        NetTiming timing = Measure(terminal, request, net, backward: false, cancel);
        if (request.Half)
        {
            using OpenClBackend precise = HalfAccuracy.Whole(backend);
            using Net whole = Build(precise);
            whole.Forward();
            var accuracy = new HalfAccuracy();
            for (int i = 0; i < net.Outputs.Count; i++)
                accuracy.Add(whole.Outputs[i].ReadData(), net.Outputs[i].ReadData(), net.Outputs[i].Count / Math.Max(1, Items(net)));
            terminal.Note($"{accuracy} Weights and images are random: 'cortado classify --half' tells it of trained ones.");
        }
        return (timing, null, Items(net));

        Net Build(IBackend on)
        {
            Net built = Net.Build(parameter, new NetOptions
            {
                Backend = on,
                State = new NetState { Phase = request.Phase },
                Databases = new LmdbProvider(),
                FileName = request.Model,
                Locations = locations,
                FrozenWeights = true,
            });
            InMemoryData.Fill(built, seed: 1);
            return built;
        }
    }

    /// <summary>A network in a solver, so that whole training steps can be timed too: SGD with momentum and weight decay, as most trainings have.</summary>
    private static (NetTiming, double?, int) MeasureTraining(Terminal terminal, Request request, IBackend backend, NetParameter parameter, SourceMap locations, CancellationToken cancel)
    {
        var settings = new SolverParameter
        {
            NetParam = parameter,
            Type = "SGD",
            BaseLr = 1e-6f,
            LrPolicy = "fixed",
            Momentum = 0.9f,
            WeightDecay = 0.0005f,
            RandomSeed = 1,
            MaxIter = int.MaxValue,
        };
        using var solver = new Solver(settings, new SolverOptions { Backend = backend, Databases = new LmdbProvider(), FileName = request.Model, Locations = locations });
        InMemoryData.Fill(solver.Net, seed: 1);
        NetTiming timing = Measure(terminal, request, solver.Net, backward: true, cancel);
        solver.GradientsTouched();
        double[] steps = new double[request.Iterations];
        // A step ends when its loss is known, and waits for what the one before left to do: the first one for nothing, and the second for little, since the first had to make things ready.
        for (int i = -2; i < steps.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            solver.Step(1);
            if (i >= 0) steps[i] = solver.Report.Seconds * 1000;
        }
        return (timing, Median.Of(steps), Items(solver.Net));
    }

    private static NetTiming Measure(Terminal terminal, Request request, Net net, bool backward, CancellationToken cancel) =>
        ProgressDisplay.Run(request.Json ? terminal.Silent() : terminal, "timing", 0,
            display => NetTiming.Measure(net, request.Iterations, backward, (done, total) => display.Report(done, $"{done} of {total}"), cancel));

    private static int Items(Net net)
    {
        foreach (NetLayer layer in net.Layers)
            if (layer.Bottoms.Length == 0 && layer.Tops.Length > 0 && layer.Tops[0].Shape.Rank > 0) return layer.Tops[0].Shape[0];
        return 0;
    }

    private static bool IsLoss(LayerParameter layer) => layer.Type.EndsWith("Loss", StringComparison.Ordinal) || layer.LossWeight.Any(weight => weight != 0);
}
