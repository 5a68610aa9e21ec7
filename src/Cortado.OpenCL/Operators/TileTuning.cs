using System.Globalization;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>The matrix products of GPUs: what a work-group computes from local memory and a work-item in registers.</summary>
/// <param name="TileM">Rows of a work-group's tile.</param>
/// <param name="TileN">Columns of a work-group's tile.</param>
/// <param name="TileK">Steps of depth in local memory at a time.</param>
/// <param name="WorkM">Rows of a work-item's block; a multiple of 4.</param>
/// <param name="WorkN">Columns of a work-item's block; a multiple of 4.</param>
internal readonly record struct TileTuning(int TileM, int TileN, int TileK, int WorkM, int WorkN) : IKernelTuning
{
    private static readonly string[] Names = { "TILE_M", "TILE_N", "TILE_K", "WORK_M", "WORK_N" };

    /// <summary>
    /// What is known to do well on a family of devices, by a word of the device's name or its maker's; the first line that fits. The tiles of a work-group
    /// for V100, A100, RTX 30 and RTX 40 are those of published tuning results for single-precision products on these devices (64 x 32, 32 x 64, 64 x 128, 128 x 64);
    /// depth and block are ours. Nothing was measured for the other families: theirs are moderate ones that fit the registers and local memory that their makers
    /// document. <c>cortado tune</c> measures. The last lines run anywhere.
    /// </summary>
    private static readonly (string Name, TileTuning Tuning)[] Families =
    {
        ("V100", new(64, 32, 16, 4, 4)),
        ("A100", new(32, 64, 16, 4, 4)),
        ("H100", new(128, 64, 16, 8, 8)),
        ("H200", new(128, 64, 16, 8, 8)),
        ("RTX 20", new(64, 64, 16, 8, 4)),
        ("RTX 30", new(64, 128, 16, 8, 8)),
        ("RTX 40", new(128, 64, 16, 8, 8)),
        ("RTX 50", new(128, 64, 16, 8, 8)),
        ("NVIDIA", new(64, 64, 16, 8, 4)),
        ("Radeon", new(64, 64, 16, 4, 4)),
        ("gfx", new(64, 64, 16, 4, 4)),
        ("Advanced Micro Devices", new(64, 64, 16, 4, 4)),
        ("Apple", new(32, 32, 16, 4, 4)),
        ("Arc", new(64, 64, 16, 8, 4)),
        ("Intel", new(32, 32, 16, 4, 4)),
        ("Adreno", new(32, 32, 16, 4, 4)),
        ("Mali", new(32, 32, 8, 4, 4)),
        ("", new(64, 64, 16, 4, 4)),
        ("", new(32, 32, 16, 4, 4)),
        ("", new(16, 16, 8, 4, 4)),
    };

    /// <summary>The table's numbers for the device.</summary>
    public static TileTuning Default(OpenClDevice device)
    {
        foreach (TileTuning tuning in Of(device.Name, device.Vendor))
            if (tuning.Problem(device) == null) return tuning;
        return Families[^1].Tuning;
    }

    /// <summary>What the table has for a device by its name and its maker's, the best first.</summary>
    public static IEnumerable<TileTuning> Of(string device, string vendor)
    {
        foreach ((string name, TileTuning tuning) in Families)
            if (Has(device, name) || Has(vendor, name)) yield return tuning;
    }

    private static bool Has(string text, string word) => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Work-items of a work-group.</summary>
    public int Threads => TileM / WorkM * (TileN / WorkN);

    public string CompileOptions => TuningOptions.Write((Names[0], TileM), (Names[1], TileN), (Names[2], TileK), (Names[3], WorkM), (Names[4], WorkN));

    public static TileTuning? Parse(string options)
    {
        Span<int> values = stackalloc int[5];
        return TuningOptions.TryRead(options, Names, values) ? new TileTuning(values[0], values[1], values[2], values[3], values[4]) : null;
    }

    public string Describe() => string.Format(CultureInfo.InvariantCulture, "tiles of {0} x {1}, {2} deep, {3} x {4} a work-item", TileM, TileN, TileK, WorkM, WorkN);

    public string? Problem(OpenClDevice device)
    {
        if (WorkM < 4 || WorkN < 4 || WorkM % 4 != 0 || WorkN % 4 != 0) return $"WORK_M is {WorkM}, WORK_N {WorkN}; expected multiples of 4.";
        if (TileM < WorkM || TileN < WorkN || TileM % WorkM != 0 || TileN % WorkN != 0) return $"TILE_M is {TileM}, TILE_N {TileN}; expected multiples of WORK_M ({WorkM}) and WORK_N ({WorkN}).";
        if (TileM * TileN > 1 << 16 || TileK < 1 || TileK > 64) return $"TILE_M is {TileM}, TILE_N {TileN}, TILE_K {TileK}: too many.";
        if (Threads > device.LargestWorkGroup) return $"{Threads} work-items in a work-group; {device.Name} has up to {device.LargestWorkGroup}.";
        if (Threads % TileK != 0) return $"TILE_K is {TileK}; expected to divide the {Threads} work-items.";
        if (Threads % TileN != 0 && TileN % Threads != 0) return $"TILE_N is {TileN}; expected a multiple of the {Threads} work-items, or to divide them.";
        if (TileM * TileK % Threads != 0 || TileN * TileK % Threads != 0) return $"{Threads} work-items cannot share the slabs of {TileM} x {TileK} and {TileN} x {TileK}.";
        long local = (long)TileK * (TileM + TileN + 8) * sizeof(float);
        return local <= device.LocalMemoryBytes ? null : $"The slabs take {local} bytes of local memory; {device.Name} has {device.LocalMemoryBytes}.";
    }
}
