using System.Globalization;
using System.Text.Json;

namespace Cortado.Cli.Timing;

/// <summary>A finished timing, as a table or as JSON.</summary>
internal sealed record TimingReport(string Model, string Phase, string Device, int Batch, int Iterations, DevicePeak Peak, NetTiming Net, double? StepMs)
{
    public void WriteText(Terminal terminal)
    {
        terminal.Line($"{Model}, {Phase}, batch {Batch}, medians of {Iterations} iterations");
        terminal.Line($"Device: {Device}; measured peak {Number(Peak.Gflops, 1)} GFLOP/s (fused multiply-adds on all threads), {Number(Peak.Gbytes, 1)} GB/s (memory, read)");
        var layers = new TextTable("layer", "type", ">forward ms", ">GFLOP/s", ">of peak", ">backward ms", ">GFLOP/s", ">of peak");
        foreach (LayerTiming layer in Net.Layers)
        {
            layers.Row(layer.Name, layer.Type,
                layer.Fused ? "in the layer before" : Number(layer.ForwardMs, 3), Rate(layer.ForwardFlops, layer.ForwardMs),
                layer.Fused ? "" : OfPeak(layer.ForwardMs, layer.ForwardFlops, layer.ForwardBytes),
                Net.ForwardBackwardMs == null ? "-" : Number(layer.BackwardMs, 3), Rate(layer.BackwardFlops, layer.BackwardMs),
                OfPeak(layer.BackwardMs, layer.BackwardFlops, layer.BackwardBytes));
        }
        layers.Write(terminal);
        terminal.Line("of peak: the time that the layer's arithmetic, or where marked m its memory traffic, would take at the measured peak, as a share of the time it takes.");
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
            json.WriteNumber("peakGflops", Round(Peak.Gflops));
            json.WriteNumber("peakGbytes", Round(Peak.Gbytes));
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
                WriteOptional(json, "forwardShareOfPeak", layer.Fused ? null : LayerShare(layer.ForwardMs, layer.ForwardFlops, layer.ForwardBytes, out _));
                WriteOptional(json, "backwardShareOfPeak", LayerShare(layer.BackwardMs, layer.BackwardFlops, layer.BackwardBytes, out _));
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

    private double? Share(double? ms, long flops) => ms is { } time && Gflops(flops, time) is { } rate && Peak.Gflops > 0 ? Round(rate / Peak.Gflops) : null;

    private double? LayerShare(double ms, long flops, long bytes, out bool memoryBound) =>
        Peak.LeastMs(flops, bytes, out memoryBound) is { } least && ms > 0 ? least / ms : null;

    private string OfPeak(double ms, long flops, long bytes) =>
        LayerShare(ms, flops, bytes, out bool memoryBound) is { } share ? Number(100 * share, 0) + (memoryBound ? " % m" : " %") : "-";

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
