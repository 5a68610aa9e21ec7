using System.Globalization;

namespace Cortado.OpenCL.Runtime;

/// <summary>Kernels whose work-items compute a few neighbouring elements each.</summary>
internal readonly record struct ElementTuning(int Width, int WorkGroup) : IKernelTuning
{
    private static readonly string[] Names = { "WIDTH", "WORK_GROUP" };

    /// <summary>GPUs: a 16-byte load a work-item. CPUs: a vector register a work-item, a few KiB a work-group.</summary>
    public static ElementTuning Default(OpenClBackend backend) => backend.UsesCpuKernels
        ? new ElementTuning(CpuWidth(backend.Device), 128)
        : new ElementTuning(4, Math.Min(256, backend.Device.LargestWorkGroup));

    /// <summary>Where a work-item walks over many rows, as along channels: neighbours read neighbouring elements of each.</summary>
    public static ElementTuning Columns(OpenClBackend backend) => backend.UsesCpuKernels
        ? new ElementTuning(CpuWidth(backend.Device), 1)
        : new ElementTuning(1, Math.Min(128, backend.Device.LargestWorkGroup));

    /// <summary>Where a work-item has some neighbouring elements and much to do for them.</summary>
    public static ElementTuning Blocks(OpenClBackend backend) => backend.UsesCpuKernels
        ? new ElementTuning(CpuWidth(backend.Device), 8)
        : new ElementTuning(1, Math.Min(128, backend.Device.LargestWorkGroup));

    /// <summary>Where a work-item has one element and much to do for it.</summary>
    public static ElementTuning Single(OpenClBackend backend) => new(1, Math.Min(backend.UsesCpuKernels ? 64 : 128, backend.Device.LargestWorkGroup));

    public string CompileOptions => TuningOptions.Write((Names[0], Width), (Names[1], WorkGroup));

    /// <summary>Work-items for a number of elements.</summary>
    public long Items(long elements) => (elements + Width - 1) / Width;

    public static ElementTuning? Parse(string options)
    {
        Span<int> values = stackalloc int[2];
        return TuningOptions.TryRead(options, Names, values) ? new ElementTuning(values[0], values[1]) : null;
    }

    public string Describe() => string.Format(CultureInfo.InvariantCulture, "{0} floats a work-item, work-groups of {1}", Width, WorkGroup);

    public string? Problem(OpenClDevice device)
    {
        if (Width is not (1 or 2 or 4 or 8 or 16)) return $"WIDTH is {Width}; expected 1, 2, 4, 8 or 16.";
        return WorkGroup >= 1 && WorkGroup <= device.LargestWorkGroup ? null : $"WORK_GROUP is {WorkGroup}; expected 1 to {device.LargestWorkGroup}.";
    }

    private static int CpuWidth(OpenClDevice device) => device.NativeFloatWidth >= 16 ? 16 : device.NativeFloatWidth >= 8 ? 8 : 4;
}
