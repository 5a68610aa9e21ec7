extern alias ThirdParty;
using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;
using Google.Protobuf.WellKnownTypes;

namespace Cortado.StagedSmoke;

/// <summary>
/// Computes on the staged assemblies what Caffe computed and prints it, a line a result, for a test to compare. Arguments: the golden folder, a folder
/// to write into, and "cpu" or "opencl".
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string golden = args[0], folder = args[1];
        using IBackend? backend = args[2] == "cpu" ? new CpuBackend() : FirstDevice();
        if (backend is null) return 3;
        Print("device", backend.Description);
        Print("stock", StockProtobuf());
        Print("prob", Floats(SeedSmall.Answer(backend, golden)));
        Print("losses", Floats(SeedSmall.Train(backend, golden, folder)));
        Print("resumed", Floats(SeedSmall.Resume(backend, golden, folder)));
        Print("scores", Floats(SeedSmall.Classify(backend, golden, folder)));
        return 0;
    }

    private static IBackend? FirstDevice()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count > 0) return new OpenClBackend(platforms.Devices[0]);
        Print("problem", platforms.Problem ?? "");
        return null;
    }

    /// <summary>The project's own copy works and is another assembly than ours.</summary>
    private static string StockProtobuf()
    {
        var written = new StringValue { Value = "stock" };
        string read = StringValue.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(written)).Value;
        string ours = typeof(ThirdParty::Google.Protobuf.MessageParser).Assembly.GetName().Name!;
        return $"{read} {typeof(StringValue).Assembly.GetName().Name} {ours}";
    }

    private static string Floats(float[] values) => string.Join(" ", Array.ConvertAll(values, v => v.ToString("R", CultureInfo.InvariantCulture)));

    private static void Print(string name, string value) => Console.WriteLine($"{name}: {value}");
}
