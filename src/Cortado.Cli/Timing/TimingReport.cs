using System.Globalization;
using System.Text.Json;

namespace Cortado.Cli.Timing;

/// <summary>A finished timing, as a table or as JSON.</summary>
internal sealed record TimingReport(string Model, string Phase, string Device, int Batch, int Iterations, double PeakGflops, NetTiming Net, double? StepMs)
{
    public void WriteText(Terminal terminal)
    {
        terminal.Line($"{Model}, {Phase}, batch {Batch}, medians of {Iterations} iterations");
        terminal.Line($"Device: {Device}; measured peak {Number(PeakGflops, 1)} GFLOP/s (fused multiply-adds on all threads)");
        var layers = new TextTable("layer", "type", ">forward ms", ">GFLOP/s", ">backward ms", ">GFLOP/s");
        foreach (LayerTiming layer in Net.Layers)
        {
            layers.Row(layer.Name, layer.Type,
                layer.Fused ? "in the layer before" : Number(layer.ForwardMs, 3), Rate(layer.ForwardFlops, layer.ForwardMs),
                Net.ForwardBackwardMs == null ? "-" : Number(layer.BackwardMs, 3), Rate(layer.BackwardFlops, layer.BackwardMs));
        }
        layers.Write(terminal);
        var passes = new TextTable("pass", ">ms", ">GFLOP/s", ">of peak");
        Pass(passes, "forward", Net.ForwardMs, Net.ForwardFlops);
        if (Net.ForwardBackwardMs is { } both) Pass(passes, "forward + backward", both, Net.ForwardFlops + Net.BackwardFlops);
        if (StepMs is { } step) Pass(passes, "training step (with update)", step, Net.ForwardFlops + Net.BackwardFlops);
        passes.Write(terminal);
    }

    public void WriteJson(TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("model", Model);
            json.WriteString("phase", Phase);
            json.WriteString("device", Device);
            json.WriteNumber("batch", Batch);
            json.WriteNumber("iterations", Iterations);
            json.WriteNumber("peakGflops", Round(PeakGflops));
            json.WriteNumber("forwardMs", Round(Net.ForwardMs));
            WriteOptional(json, "forwardBackwardMs", Net.ForwardBackwardMs);
            WriteOptional(json, "stepMs", StepMs);
            json.WriteNumber("forwardFlops", Net.ForwardFlops);
            json.WriteNumber("backwardFlops", Net.BackwardFlops);
            WriteOptional(json, "forwardShareOfPeak", Share(Net.ForwardMs, Net.ForwardFlops));
            WriteOptional(json, "forwardBackwardShareOfPeak", Share(Net.ForwardBackwardMs, Net.ForwardFlops + Net.BackwardFlops));
            WriteOptional(json, "stepShareOfPeak", Share(StepMs, Net.ForwardFlops + Net.BackwardFlops));
            json.WriteStartArray("layers");
            foreach (LayerTiming layer in Net.Layers)
            {
                json.WriteStartObject();
                json.WriteString("name", layer.Name);
                json.WriteString("type", layer.Type);
                json.WriteNumber("forwardMs", Round(layer.ForwardMs));
                json.WriteNumber("backwardMs", Round(layer.BackwardMs));
                WriteOptional(json, "forwardGflops", Gflops(layer.ForwardFlops, layer.ForwardMs));
                WriteOptional(json, "backwardGflops", Gflops(layer.BackwardFlops, layer.BackwardMs));
                json.WriteBoolean("fusedIntoPrevious", layer.Fused);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private void Pass(TextTable table, string name, double ms, long flops) =>
        table.Row(name, Number(ms, 3), Rate(flops, ms), Share(ms, flops) is { } share ? Number(100 * share, 1) + " %" : "-");

    private double? Share(double? ms, long flops) => ms is { } time && Gflops(flops, time) is { } rate && PeakGflops > 0 ? Round(rate / PeakGflops) : null;

    private static double? Gflops(long flops, double ms) => flops > 0 && ms > 0 ? Round(flops / (ms * 1e6)) : null;

    private static string Rate(long flops, double ms) => Gflops(flops, ms) is { } rate ? Number(rate, 1) : "-";

    private static string Number(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Round(double value) => Math.Round(value, 4);

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, Round(number));
        else json.WriteNull(name);
    }
}
