using Cortado.OpenCL;

namespace Cortado.Tests;

/// <summary>Looking for devices, where there are some and where there are none.</summary>
public class DiscoveryTests
{
    [Fact]
    public void FindsDevicesOrSaysWhyNot()
    {
        OpenClPlatforms platforms = OpenClPlatforms.Discover();
        if (platforms.Devices.Count == 0)
        {
            Assert.EndsWith(".", platforms.Problem);
            return;
        }
        foreach (OpenClDevice device in platforms.Devices)
        {
            Assert.NotEmpty(device.Name);
            Assert.NotEmpty(device.DriverVersion);
            Assert.True(device.ComputeUnits > 0);
            Assert.True(device.MemoryBytes > 0);
            if (device.Problem == null) Assert.Same(device, platforms.Find(device.Key));
        }
    }

    /// <summary>That the suites linked into this project run what they mean to run.</summary>
    [Fact]
    public void TheBackendUnderTestIsTheOneAskedFor()
    {
        using Cortado.Backends.IBackend backend = TestBackend.Create();
        Assert.Equal(!TestBackend.IsCpu, backend is OpenClBackend);
    }

    [Fact]
    public void NamesTheDevicesThereAreWhenAskedForAnother()
    {
        var error = Assert.Throws<CortadoException>(() => OpenClPlatforms.Discover().Find("opencl:99:0"));
        Assert.StartsWith("There is no device opencl:99:0: ", error.Message);
    }
}
