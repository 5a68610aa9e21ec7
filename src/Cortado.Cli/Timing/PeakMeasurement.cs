using Cortado.Backends;
namespace Cortado.Cli.Timing;
internal static class PeakMeasurement { public static double Gflops(IBackend backend) => 0; }
