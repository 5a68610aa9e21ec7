using System.Diagnostics;
using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.OpenCL;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Two backends of one process that run the same kernels for the first time at the same moment, as a training beside a classifier does. PoCL could abort the process.</summary>
[Collection(nameof(ParityCollection))]
public sealed class TwoBackendsTests(Parity parity)
{
    [Fact]
    public void ManyFirstRunsAtOnceEndWell()
    {
        _ = parity.Device;
        string folder = Directory.CreateTempSubdirectory("cortado-two-").FullName;
        try
        {
            string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
            var start = new ProcessStartInfo(host) { RedirectStandardOutput = true };
            foreach (string argument in new[] { typeof(TwoBackendsTests).Assembly.Location, "-method", $"{typeof(TwoBackendsTests).FullName}.{nameof(AtOnce)}" })
                start.ArgumentList.Add(argument);
            // Nothing compiled before, by us or by the driver.
            start.Environment["CORTADO_CACHE"] = Path.Combine(folder, "cortado");
            start.Environment["POCL_CACHE_DIR"] = folder;
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output);
            Assert.Contains("Total: 1,", output);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void AtOnce()
    {
        OpenClDevice device = OpenClPlatforms.Discover().Find("opencl");
        using var together = new Barrier(2);
        var failures = new List<Exception>();
        Thread[] threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            try
            {
                using var backend = new OpenClBackend(device);
                for (int count = 1; count <= 3; count++)
                {
                    together.SignalAndWait();
                    using DeviceBuffer input = backend.Allocate(1000), output = backend.Allocate(1000);
                    using IActivation relu = backend.Prepare(new ReluSpec(1000, 0.1f * count));
                    using IWeightedSum sum = backend.Prepare(new WeightedSumSpec(1000));
                    input.Write().Fill(-10);
                    relu.Forward(input, output);
                    sum.Run([output, input], [1, 1], input);
                    Assert.Equal(-10 - count, input.Read()[999], 1e-4f);
                }
            }
            catch (Exception failure)
            {
                lock (failures) failures.Add(failure);
                together.RemoveParticipant();
            }
        })).ToArray();
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Empty(failures);
    }
}
