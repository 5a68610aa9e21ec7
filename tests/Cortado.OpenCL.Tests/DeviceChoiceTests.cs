using Cortado.Backends.Cpu;
using Cortado.OpenCL;

namespace Cortado.Tests;

/// <summary>What <c>--device auto</c> takes.</summary>
public class DeviceChoiceTests
{
    [Fact]
    public void AutoTakesADeviceThatItMeasuredAndSaysWhy()
    {
        DeviceChoice choice = DeviceChoice.Auto();
        using (choice.Backend)
        {
            IReadOnlyList<OpenClDevice> devices = OpenClPlatforms.Discover().Devices;
            if (devices.Any(device => device.Type == OpenClDeviceType.Gpu && device.Problem == null)) Assert.IsType<OpenClBackend>(choice.Backend);
            if (devices.Count == 0) Assert.IsType<CpuBackend>(choice.Backend);
            else Assert.Contains("GFLOP/s", choice.Reason);
            Assert.EndsWith(".", choice.Reason);
            Assert.True(DeviceChoice.Speed(choice.Backend) > 0);
        }
    }
}
