using Cortado.Backends;
using Cortado.Backends.Cpu;

namespace Cortado.Tests;

/// <summary>The backend under test, by the environment variable CORTADO_DEVICE: cpu where it is not set.</summary>
public static class TestBackend
{
    /// <summary>Creates the backend.</summary>
    public static IBackend Create()
    {
        string device = Environment.GetEnvironmentVariable("CORTADO_DEVICE") is { Length: > 0 } given ? given : "cpu";
        return device switch
        {
            // At least two threads, so that work is divided on a machine of one processor too.
            "cpu" => new CpuBackend(Math.Max(2, Environment.ProcessorCount)),
            _ => throw new InvalidOperationException($"CORTADO_DEVICE is '{device}'; expected 'cpu'."),
        };
    }
}
