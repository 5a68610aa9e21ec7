using System.CommandLine;
using Cortado.Backends;
using Cortado.Cli.Training;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Nets;
using Cortado.Solvers;
using Cortado.Tensors;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado test</c>: the outputs of a network's TEST phase, averaged over batches, in the lines of <c>caffe test</c>.</summary>
internal static class TestCommand
{
    private const int DefaultIterations = 50;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The network prototxt.", HelpName = "F", Required = true };
        var weights = FileList.Option("--weights", "Trained weights.");
        weights.Required = true;
        var iterations = Numbers.Positive("--iterations", $"Batches. Default {DefaultIterations}.");
        var batch = Numbers.Positive("--batch", "Items in a batch, instead of the file's own.");
        var device = DeviceOption.Create();
        var command = new Command("test", "Score a trained network on its TEST data.") { model, weights, iterations, batch, device };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(model), FileList.Split(parsed.GetValue(weights)),
            parsed.GetValue(iterations) ?? DefaultIterations, parsed.GetValue(batch), parsed.GetValue(device)));
        return command;
    }

    private static int Run(Terminal terminal, string model, IReadOnlyList<string> weights, int iterations, int? batch, string? device)
    {
        using var interrupt = new Interrupt();
        PrototxtDocument<NetParameter> document = NetFile.Load(model);
        using IBackend backend = DeviceOption.Open(device, null, terminal);
        using Net net = Net.Build(batch is { } size ? BatchOverride.Apply(document.Message, size) : document.Message, new NetOptions
        {
            Backend = backend,
            State = new NetState { Phase = Phase.Test },
            Databases = new LmdbProvider(),
            FileName = model,
            FrozenWeights = true,
        });
        if (net.Inputs.Count > 0)
            throw new CortadoException($"{model}: the network has an Input layer ('{net.Inputs[0].Name}') in place of TEST data, so there is nothing to score. Give the network that was trained; 'cortado classify' takes this one.");
        foreach (string file in weights) LoadWeights(net, file, terminal);
        FiniteWeights.Check(net, string.Join(", ", weights));
        terminal.Line($"Running for {iterations} iterations.");
        var sums = new double[net.Outputs.Sum(output => output.Count)];
        double loss = 0;
        for (int i = 0; i < iterations; i++)
        {
            interrupt.Token.ThrowIfCancellationRequested();
            net.Forward();
            loss += net.Loss();
            int at = 0;
            foreach (Blob output in net.Outputs)
                foreach (float value in output.ReadData())
                {
                    sums[at++] += value;
                    terminal.Line($"Batch {i}, {output.Name} = {CaffeNumber.Format(value)}");
                }
        }
        terminal.Line($"Loss: {CaffeNumber.Format(loss / iterations)}");
        int index = 0;
        foreach (Blob output in net.Outputs)
        {
            float weight = LossWeight(net, output);
            for (int i = 0; i < output.Count; i++)
            {
                double mean = sums[index++] / iterations;
                string part = weight == 0 ? "" : $" (* {CaffeNumber.Format(weight)} = {CaffeNumber.Format(weight * mean)} loss)";
                terminal.Line($"{output.Name} = {CaffeNumber.Format(mean)}{part}");
            }
        }
        return ExitCode.Done;
    }

    private static void LoadWeights(Net net, string file, Terminal terminal)
    {
        WeightReport report = WeightLoader.Load(net, file);
        if (report.Count(WeightOutcome.Loaded) == 0)
            throw new CortadoException($"{file} has weights for no layer of this network. Its layers: {string.Join(", ", report.Lines.Select(line => line.Layer).Take(20))}.");
        if (report.Count(WeightOutcome.Loaded) < report.Lines.Count) WeightReportTable.Write(report, terminal.Beside());
    }

    private static float LossWeight(Net net, Blob output)
    {
        foreach (NetLayer layer in net.Layers)
            for (int i = 0; i < layer.Tops.Length; i++)
                if (ReferenceEquals(layer.Tops[i], output)) return layer.LossWeights[i];
        return 0;
    }
}
