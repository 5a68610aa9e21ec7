using System.CommandLine;
using Cortado.Backends;
using Cortado.Cli.Training;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.OpenCL;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado test</c>: the outputs of a network's TEST phase, averaged over batches, in the lines of <c>caffe test</c>.</summary>
internal static class TestCommand
{
    private const int DefaultIterations = 50, MostCompared = 10;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The network prototxt.", HelpName = "F", Required = true };
        var weights = FileList.Option("--weights", "Trained weights.");
        weights.Required = true;
        var iterations = Numbers.Positive("--iterations", $"Batches. Default {DefaultIterations}.");
        var batch = Numbers.Positive("--batch", "Items in a batch, instead of the file's own.");
        var device = DeviceOption.Create();
        var half = HalfOption.Create();
        var command = new Command("test", "Score a trained network on its TEST data.") { model, weights, iterations, batch, device, half };
        command.SetAction(parsed => Run(terminal, new Request(parsed.GetRequiredValue(model), FileList.Split(parsed.GetValue(weights)),
            parsed.GetValue(iterations) ?? DefaultIterations, parsed.GetValue(batch), parsed.GetValue(device), parsed.GetValue(half))));
        return command;
    }

    private sealed record Request(string Model, IReadOnlyList<string> Weights, int Iterations, int? Batch, string? Device, bool Half);

    private static int Run(Terminal terminal, Request request)
    {
        using var interrupt = new Interrupt(terminal);
        using IBackend backend = DeviceOption.Open(request.Device, null, request.Half, terminal);
        using Net net = Build(request, backend);
        if (net.Inputs.Count > 0)
            throw new CortadoException($"{request.Model}: the network has an Input layer ('{net.Inputs[0].Name}') in place of TEST data, so there is nothing to score. Give the network that was trained; 'cortado classify' takes this one.");
        if (request.Half) HalfOption.Check(net, request.Model);
        foreach (string file in request.Weights) LoadWeights(net, file, terminal);
        FiniteWeights.Check(net, string.Join(", ", request.Weights));
        terminal.Line($"Running for {request.Iterations} iterations.");
        var score = new NetScore(net);
        for (int i = 0; i < request.Iterations; i++)
        {
            interrupt.Token.ThrowIfCancellationRequested();
            score.Next((output, value) => terminal.Line($"Batch {i}, {output.Name} = {CaffeNumber.Format(value)}"));
        }
        terminal.Line($"Loss: {CaffeNumber.Format(score.Loss)}");
        foreach ((Blob output, double mean) in score.Means())
        {
            float weight = score.LossWeight(output);
            string part = weight == 0 ? "" : $" (* {CaffeNumber.Format(weight)} = {CaffeNumber.Format(weight * mean)} loss)";
            terminal.Line($"{output.Name} = {CaffeNumber.Format(mean)}{part}");
        }
        if (request.Half) terminal.Note(Compare(request, backend, score, interrupt.Token));
        return ExitCode.Done;
    }

    private static Net Build(Request request, IBackend backend)
    {
        PrototxtDocument<NetParameter> document = NetFile.Load(request.Model);
        NetParameter parameter = document.Message;
        return Net.Build(request.Batch is { } size ? BatchOverride.Apply(parameter, size) : parameter, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = Phase.Test },
            Databases = new LmdbProvider(),
            FileName = request.Model,
            Locations = document.Locations,
            FrozenWeights = true,
        });
    }

    /// <summary>The same batches once more, with whole weights.</summary>
    private static string Compare(Request request, IBackend backend, NetScore half, CancellationToken cancel)
    {
        using OpenClBackend precise = HalfAccuracy.Whole(backend);
        using Net net = Build(request, precise);
        foreach (string file in request.Weights) WeightLoader.Load(net, file);
        var whole = new NetScore(net);
        for (int i = 0; i < request.Iterations; i++)
        {
            cancel.ThrowIfCancellationRequested();
            whole.Next();
        }
        IEnumerable<string> means = half.Means().Zip(whole.Means(), (mine, other) => $"{mine.Output.Name} = {CaffeNumber.Format(mine.Mean)}, with whole weights {CaffeNumber.Format(other.Mean)}");
        return $"Half precision: {string.Join("; ", means.Take(MostCompared))}.";
    }

    private static void LoadWeights(Net net, string file, Terminal terminal)
    {
        WeightReport report = WeightLoader.Load(net, file);
        if (report.Count(WeightOutcome.Loaded) == 0)
            throw new CortadoException($"{file} has weights for no layer of this network. Its layers: {string.Join(", ", report.Lines.Select(line => line.Layer).Take(20))}.");
        if (report.Count(WeightOutcome.Loaded) < report.Lines.Count) WeightReportTable.Write(report, terminal.Beside());
    }
}
