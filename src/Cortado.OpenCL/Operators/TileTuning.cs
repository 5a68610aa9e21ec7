using System.Globalization;
using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>The matrix products of GPUs: what a work-group computes from local memory and a work-item in registers.</summary>
/// <param name="TileM">Rows of a work-group's tile.</param>
/// <param name="TileN">Columns of a work-group's tile.</param>
/// <param name="TileK">Steps of depth in local memory at a time.</param>
/// <param name="WorkM">Rows of a work-item's block; a multiple of 4.</param>
/// <param name="WorkN">Columns of a work-item's block; a multiple of 4.</param>
/// <param name="Vector">The most floats that are read from global memory at a time, where an operand allows it: 1, 2, 4 or 8.</param>
/// <param name="Slabs">Slabs of each operand in local memory: with 2 one is filled while the other is multiplied.</param>
internal readonly record struct TileTuning(int TileM, int TileN, int TileK, int WorkM, int WorkN, int Vector, int Slabs) : IKernelTuning
{
    private static readonly string[] Names = { "TILE_M", "TILE_N", "TILE_K", "WORK_M", "WORK_N", "VECTOR", "SLABS" };

    /// <summary>
    /// What is known to do well on a family of devices, by a word of the device's name or its maker's; the first line that fits. The tiles of a work-group
    /// for V100, A100, RTX 30 and RTX 40 are those of published tuning results for single-precision products on these devices (64 x 32, 32 x 64, 64 x 128, 128 x 64);
    /// depth, block, vectors (16 bytes, the most that a work-item of most GPUs reads with one instruction) and slabs are ours. Nothing was measured for the other families: theirs are moderate ones that fit the registers and local memory that their makers
    /// document. <c>cortado tune</c> measures. The last lines run anywhere.
    /// </summary>
    private static readonly (string Name, TileTuning Tuning)[] Families =
    {
        ("V100", new(64, 32, 16, 4, 4, 4, 1)),
        ("A100", new(32, 64, 16, 4, 4, 4, 1)),
        ("H100", new(128, 64, 16, 8, 8, 4, 2)),
        ("H200", new(128, 64, 16, 8, 8, 4, 2)),
        ("RTX 20", new(64, 64, 16, 8, 4, 4, 1)),
        ("RTX 30", new(64, 128, 16, 8, 8, 4, 2)),
        ("RTX 40", new(128, 64, 16, 8, 8, 4, 2)),
        ("RTX 50", new(128, 64, 16, 8, 8, 4, 2)),
        ("NVIDIA", new(64, 64, 16, 8, 4, 4, 1)),
        ("Radeon", new(64, 64, 16, 4, 4, 4, 1)),
        ("gfx", new(64, 64, 16, 4, 4, 4, 1)),
        ("Advanced Micro Devices", new(64, 64, 16, 4, 4, 4, 1)),
        ("Apple", new(32, 32, 16, 4, 4, 4, 1)),
        ("Arc", new(64, 64, 16, 8, 4, 4, 1)),
        ("Intel", new(32, 32, 16, 4, 4, 4, 1)),
        ("Adreno", new(32, 32, 16, 4, 4, 4, 1)),
        ("Mali", new(32, 32, 8, 4, 4, 4, 1)),
        ("", new(64, 64, 16, 4, 4, 4, 1)),
        ("", new(32, 32, 16, 4, 4, 4, 1)),
        ("", new(16, 16, 8, 4, 4, 4, 1)),
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

    public string CompileOptions => TuningOptions.Write((Names[0], TileM), (Names[1], TileN), (Names[2], TileK), (Names[3], WorkM), (Names[4], WorkN),
        (Names[5], Vector), (Names[6], Slabs));

    /// <summary>How many floats of the left operand are read at a time, where they lie together in runs of so many along the rows, or along the depth.</summary>
    public int LeftVector(int length, bool alongDepth) => Run(length, alongDepth ? TileK : TileM, TileM * TileK / Threads);

    /// <summary>The same of the right operand.</summary>
    public int RightVector(int length, bool alongDepth) => Run(length, alongDepth ? TileK : TileN, TileN * TileK / Threads);

    /// <summary>How many floats of a result are written at a time, where runs of so many lie together; a block of sums has fours.</summary>
    public int ResultVector(int length) => Run(length, 4, 4);

    private int Run(int length, int tile, int each)
    {
        int run = Vector;
        while (length % run != 0 || tile % run != 0 || each % run != 0) run /= 2;
        return run;
    }

    public static TileTuning? Parse(string options)
    {
        Span<int> values = stackalloc int[7];
        return TuningOptions.TryRead(options, Names, values) ? new TileTuning(values[0], values[1], values[2], values[3], values[4], values[5], values[6]) : null;
    }

    public string Describe() => string.Format(CultureInfo.InvariantCulture, "tiles of {0} x {1}, {2} deep ({6} at a time), {3} x {4} a work-item, {5} floats at a time",
        TileM, TileN, TileK, WorkM, WorkN, Vector, Slabs);

    public string? Problem(OpenClDevice device)
    {
        if (WorkM < 4 || WorkN < 4 || WorkM % 4 != 0 || WorkN % 4 != 0) return $"WORK_M is {WorkM}, WORK_N {WorkN}; expected multiples of 4.";
        if (TileM < WorkM || TileN < WorkN || TileM % WorkM != 0 || TileN % WorkN != 0) return $"TILE_M is {TileM}, TILE_N {TileN}; expected multiples of WORK_M ({WorkM}) and WORK_N ({WorkN}).";
        if (TileM * TileN > 1 << 16 || TileK < 1 || TileK > 64) return $"TILE_M is {TileM}, TILE_N {TileN}, TILE_K {TileK}: too many.";
        if (Vector is not (1 or 2 or 4 or 8)) return $"VECTOR is {Vector}; expected 1, 2, 4 or 8.";
        if (Slabs is not (1 or 2)) return $"SLABS is {Slabs}; expected 1 or 2.";
        if (Threads > device.LargestWorkGroup) return $"{Threads} work-items in a work-group; {device.Name} has up to {device.LargestWorkGroup}.";
        if (Threads % TileK != 0) return $"TILE_K is {TileK}; expected to divide the {Threads} work-items.";
        if (Threads % TileN != 0 && TileN % Threads != 0) return $"TILE_N is {TileN}; expected a multiple of the {Threads} work-items, or to divide them.";
        if (TileM * TileK % Threads != 0 || TileN * TileK % Threads != 0) return $"{Threads} work-items cannot share the slabs of {TileM} x {TileK} and {TileN} x {TileK}.";
        long local = (long)Slabs * TileK * (TileM + TileN + 8) * sizeof(float);
        return local <= device.LocalMemoryBytes ? null : $"The slabs take {local} bytes of local memory; {device.Name} has {device.LocalMemoryBytes}.";
    }
}
