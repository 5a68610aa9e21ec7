using System.CommandLine;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Cli.Timing;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.Solvers;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado time</c>: how long a network takes, layer by layer, and how far that is from the machine's limit.</summary>
internal static class TimeCommand
{
    private const int DefaultIterations = 10;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The network prototxt; a database that is not here is replaced by random data.", HelpName = "F", Required = true };
        var phase = new Option<string>("--phase") { Description = "Which layers are in.", DefaultValueFactory = _ => "TRAIN" };
        phase.AcceptOnlyFromAmong("TRAIN", "TEST");
        var batch = Numbers.Positive("--batch", "Items in a batch, instead of the file's own.");
        var iterations = Numbers.Positive("--iterations", $"Iterations of each kind; the median counts. Default {DefaultIterations}.");
        var device = DeviceOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("time", "Time a network: each layer forward and backward, then whole passes and whole training steps, with their share of the device's measured peak.")
        {
            model, phase, batch, iterations, device, json,
        };
        command.SetAction(parsed => Run(terminal, new Request(
            parsed.GetRequiredValue(model), parsed.GetValue(phase) == "TEST" ? Phase.Test : Phase.Train, parsed.GetValue(batch),
            parsed.GetValue(iterations) ?? DefaultIterations, parsed.GetValue(device), parsed.GetValue(json))));
        return command;
    }

    private sealed record Request(string Model, Phase Phase, int? Batch, int Iterations, string? Device, bool Json);

    private static int Run(Terminal terminal, Request request)
    {
        using var interrupt = new Interrupt();
        using IBackend backend = DeviceOption.Open(request.Device, null, terminal);
        PrototxtDocument<NetParameter> document = NetFile.Load(request.Model);
        NetParameter wanted = request.Batch is { } batch ? BatchOverride.Apply(document.Message, batch) : document.Message;
        (NetParameter net, List<string> notes) = InMemoryData.Replace(wanted, new NetState { Phase = request.Phase }, request.Model, new LmdbProvider());
        foreach (string note in notes) terminal.Note(note);
        double peak = DevicePeak.Gflops(backend);
        bool trains = request.Phase == Phase.Train && net.Layer.Any(IsLoss);
        (NetTiming timing, double? step, int items) = trains
            ? MeasureTraining(terminal, request, backend, net, interrupt.Token)
            : MeasureNet(terminal, request, backend, net, interrupt.Token);
        var report = new TimingReport(request.Model, request.Phase.ToString().ToUpperInvariant(), backend.Description, items, request.Iterations, peak, timing, step);
        if (request.Json) report.WriteJson(terminal.Out);
        else report.WriteText(terminal);
        return ExitCode.Done;
    }

    /// <summary>A network by itself, with a backward pass where it has a loss.</summary>
    private static (NetTiming, double?, int) MeasureNet(Terminal terminal, Request request, IBackend backend, NetParameter parameter, CancellationToken cancel)
    {
        bool backward = parameter.Layer.Any(IsLoss);
        using Net net = Net.Build(parameter, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = request.Phase },
            Databases = new LmdbProvider(),
            FileName = request.Model,
            FrozenWeights = !backward,
            PlanBackward = backward,
        });
        InMemoryData.Fill(net, seed: 1);
        return (Measure(terminal, request, net, backward, cancel), null, Items(net));
    }

    /// <summary>A network in a solver, so that whole training steps can be timed too: SGD with momentum and weight decay, as most trainings have.</summary>
    private static (NetTiming, double?, int) MeasureTraining(Terminal terminal, Request request, IBackend backend, NetParameter parameter, CancellationToken cancel)
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
        using var solver = new Solver(settings, new SolverOptions { Backend = backend, Databases = new LmdbProvider(), FileName = request.Model });
        InMemoryData.Fill(solver.Net, seed: 1);
        NetTiming timing = Measure(terminal, request, solver.Net, backward: true, cancel);
        solver.GradientsTouched();
        double[] steps = new double[request.Iterations];
        for (int i = -1; i < steps.Length; i++)
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
