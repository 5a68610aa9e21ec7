using System.Globalization;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// The tunable numbers of a kernel file. Each kernel file has a struct of its own, whose fields stand at the top of the file with the same
/// names and their defaults.
/// </summary>
internal interface IKernelTuning
{
    /// <summary>The numbers as compile options, <c>-D WIDTH=4 -D WORK_GROUP=128</c>; read back by the struct's <c>Parse</c>.</summary>
    string CompileOptions { get; }

    /// <summary>For people: <c>4 floats a work-item, work-groups of 128</c>.</summary>
    string Describe();

    /// <summary>Why the device cannot run it; null where it can.</summary>
    string? Problem(OpenClDevice device);
}

/// <summary>Reads and writes <c>-D NAME=number</c> lists.</summary>
internal static class TuningOptions
{
    public static string Write(params (string Name, int Value)[] numbers)
    {
        var parts = new string[numbers.Length];
        for (int i = 0; i < numbers.Length; i++) parts[i] = string.Format(CultureInfo.InvariantCulture, "-D {0}={1}", numbers[i].Name, numbers[i].Value);
        return string.Join(" ", parts);
    }

    /// <summary>The numbers of the names, in their order; false when one is missing or there is anything else.</summary>
    public static bool TryRead(string options, ReadOnlySpan<string> names, Span<int> values)
    {
        string[] parts = options.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 * names.Length) return false;
        for (int i = 0; i < names.Length; i++)
        {
            string prefix = names[i] + "=";
            if (parts[2 * i] != "-D" || !parts[2 * i + 1].StartsWith(prefix, StringComparison.Ordinal)) return false;
            if (!int.TryParse(parts[2 * i + 1].Substring(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out values[i])) return false;
        }
        return true;
    }
}
