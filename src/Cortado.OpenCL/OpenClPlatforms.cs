using System.Globalization;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL;

/// <summary>The OpenCL devices of this machine. Looking never throws: what is in the way is told in <see cref="Problem"/>.</summary>
public sealed class OpenClPlatforms
{
    private OpenClPlatforms(IReadOnlyList<OpenClDevice> devices, string? problem)
    {
        Devices = devices;
        Problem = problem;
    }

    /// <summary>All devices, platform by platform, those that cannot be used included.</summary>
    public IReadOnlyList<OpenClDevice> Devices { get; }

    /// <summary>Why there are no devices, or why some are missing, in a sentence; null when all is well.</summary>
    public string? Problem { get; }

    /// <summary>Looks for devices.</summary>
    public static OpenClPlatforms Discover()
    {
        OpenClApi? api = OpenClApi.TryLoad(out string? problem);
        if (api == null) return new OpenClPlatforms(Array.Empty<OpenClDevice>(), problem);
        var devices = new List<OpenClDevice>();
        var problems = new List<string>();
        try
        {
            nint[] platforms = api.Platforms();
            for (int p = 0; p < platforms.Length; p++)
            {
                try
                {
                    nint[] ids = api.Devices(platforms[p]);
                    for (int d = 0; d < ids.Length; d++) Add(api, platforms[p], ids[d], p, d, devices, problems);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    problems.Add(string.Format(CultureInfo.InvariantCulture, "OpenCL platform {0} cannot be used: {1}", p, failure.Message));
                }
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            problems.Add(failure.Message);
        }
        if (problems.Count > 0) problem = string.Join(" ", problems);
        if (devices.Count == 0) problem ??= "OpenCL is installed, but its drivers have no device. Install the OpenCL driver of your graphics card, or pocl-opencl-icd for the CPU (Debian, Ubuntu).";
        return new OpenClPlatforms(devices, problem);
    }

    /// <summary>
    /// The device of a name: <c>opencl:P:D</c> by its numbers, or <c>opencl</c> for the most promising one (a GPU before an
    /// accelerator before a CPU; of equals the one with the most compute units).
    /// </summary>
    /// <exception cref="CortadoException">There is no such device; the message says which there are.</exception>
    public OpenClDevice Find(string key)
    {
        OpenClDevice? best = null;
        foreach (OpenClDevice device in Devices)
        {
            if (key == "opencl" ? device.Problem == null && (best == null || Rank(device) > Rank(best)) : key == device.Key) best = device;
        }
        if (best == null) throw new CortadoException($"There is no device {key}: {Choices()}");
        if (best.Problem != null) throw new CortadoException($"Device {key} cannot be used: {best.Problem}");
        return best;
    }

    // A device that cannot even describe itself does not hide the others.
    private static void Add(OpenClApi api, nint platform, nint id, int p, int d, List<OpenClDevice> devices, List<string> problems)
    {
        try
        {
            devices.Add(new OpenClDevice(api, platform, id, p, d));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            problems.Add(string.Format(CultureInfo.InvariantCulture, "OpenCL device {0}:{1} cannot be used: {2}", p, d, failure.Message));
        }
    }

    private static long Rank(OpenClDevice device) => (device.Type switch
    {
        OpenClDeviceType.Gpu => 2L,
        OpenClDeviceType.Accelerator => 1L,
        _ => 0L,
    } << 32) + device.ComputeUnits;

    private string Choices()
    {
        if (Devices.Count == 0) return Problem!;
        var names = new List<string>();
        foreach (OpenClDevice device in Devices) names.Add(device.Problem == null ? $"{device.Key} ({device.Name})" : device.Problem);
        return "here there is " + string.Join(", ", names) + ".";
    }
}
