using System.Globalization;

namespace Cortado.OpenCL.Runtime;

/// <summary>Kernels in which a work-group sums a run of values: how many work-items share it, and how many floats each takes at a time.</summary>
internal readonly record struct ReductionTuning(int Lanes, int Width) : IKernelTuning
{
    private static readonly string[] Names = { "LANES", "WIDTH" };

    /// <summary>GPUs: many lanes of one float. CPUs: one work-item with vector registers, so that there is no barrier.</summary>
    public static ReductionTuning Default(OpenClBackend backend) => backend.UsesCpuKernels
        ? new ReductionTuning(1, backend.Device.NativeFloatWidth >= 16 ? 16 : 8)
        : new ReductionTuning(Math.Min(128, PowerOfTwo(backend.Device.LargestWorkGroup)), 1);

    public string CompileOptions => TuningOptions.Write((Names[0], Lanes), (Names[1], Width));

    public static ReductionTuning? Parse(string options)
    {
        Span<int> values = stackalloc int[2];
        return TuningOptions.TryRead(options, Names, values) ? new ReductionTuning(values[0], values[1]) : null;
    }

    public string Describe() => string.Format(CultureInfo.InvariantCulture, "{0} lanes of {1} floats", Lanes, Width);

    public string? Problem(OpenClDevice device)
    {
        if (Width is not (1 or 2 or 4 or 8 or 16)) return $"WIDTH is {Width}; expected 1, 2, 4, 8 or 16.";
        return Lanes >= 1 && Lanes <= device.LargestWorkGroup && PowerOfTwo(Lanes) == Lanes ? null
            : $"LANES is {Lanes}; expected a power of two up to {device.LargestWorkGroup}.";
    }

    private static int PowerOfTwo(int atMost)
    {
        int power = 1;
        while (power * 2 <= atMost) power *= 2;
        return power;
    }
}
