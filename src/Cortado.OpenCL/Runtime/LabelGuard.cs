using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.OpenCL.Runtime;

/// <summary>That labels were found to be classes, and of which contents that was said.</summary>
internal readonly record struct CheckedLabels(long Version, int Count, int Classes, int? Ignore);

/// <summary>
/// Checks labels on the host, where data layers have just written them, and once for each contents: the backward pass and further
/// layers on the same labels wait for nothing.
/// </summary>
internal static unsafe class LabelGuard
{
    /// <exception cref="CortadoException">A label is not a class.</exception>
    public static void Check(DeviceBuffer labels, int count, int inner, int classes, int? ignore)
    {
        var buffer = (OpenClBuffer)labels;
        if (buffer.Backend.Rehearses) return;
        CheckedLabels known = buffer.Labels;
        // A buffer starts as zeros in version 0 with nothing known: count 0.
        if (known.Count >= count && known.Version == buffer.Version && known.Classes <= classes && known.Ignore == ignore) return;
        LabelRange.Check(labels.HostPointer(HostAccess.Read), count, inner, classes, ignore);
        buffer.Labels = new CheckedLabels(buffer.Version, count, classes, ignore);
    }
}
