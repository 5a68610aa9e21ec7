using System.Globalization;
using Cortado.Backends;

namespace Cortado.Nets;

/// <summary>What a network, or a whole training, takes on a device that has memory of its own; worked out before any of it is allocated.</summary>
/// <param name="Bytes">All of it at its highest: values, gradients, what the update rule remembers, workspace.</param>
/// <param name="LargestBufferBytes">The longest single buffer.</param>
/// <param name="Batch">Items in a batch.</param>
public sealed record MemoryPlan(long Bytes, long LargestBufferBytes, int Batch)
{
    /// <summary>Whether a device has room for it beside what it holds already.</summary>
    public bool Fits(MemoryLimits limits, long heldBytes = 0) => Bytes + heldBytes <= limits.TotalBytes - limits.DriverBytes && LargestBufferBytes <= limits.LargestBufferBytes;

    /// <summary>Plans what is about to be built and refuses it where it does not fit.</summary>
    /// <param name="backend">Where it is to run; one whose memory has no known end is not asked.</param>
    /// <param name="what">What is planned, to begin the message: <c>Training</c>.</param>
    /// <param name="name">The network's name; may be empty.</param>
    /// <param name="plan">Plans it with another batch, or with its own (null); gives null where it cannot be planned.</param>
    /// <exception cref="CortadoException">It does not fit; the message says what is needed, what there is, and the largest batch that fits.</exception>
    internal static void Check(IBackend backend, string what, string name, Func<int?, MemoryPlan?> plan)
    {
        if (backend is not IMemoryBound bound) return;
        MemoryLimits limits = bound.MemoryLimits;
        long held = bound.HeldBytes;
        MemoryPlan? wanted = plan(null);
        if (wanted == null || wanted.Fits(limits, held)) return;
        int fitting = LargestFitting(wanted.Batch, batch => plan(batch) is { } smaller && smaller.Fits(limits, held));
        throw new CortadoException(wanted.Refusal(name.Length == 0 ? what : $"{what} '{name}'", limits, held, fitting));
    }

    /// <summary>A number of bytes for people.</summary>
    internal static string Size(long bytes) => bytes >= 1L << 30
        ? (bytes / (double)(1L << 30)).ToString("F2", CultureInfo.InvariantCulture) + " GiB"
        : (bytes / (double)(1L << 20)).ToString("F1", CultureInfo.InvariantCulture) + " MiB";

    /// <summary>The largest batch below one that does not fit; 0 for none. Memory grows with the batch.</summary>
    private static int LargestFitting(int tooLarge, Func<int, bool> fits)
    {
        int fitting = 0;
        while (tooLarge - fitting > 1)
        {
            int middle = fitting + (tooLarge - fitting) / 2;
            if (fits(middle)) fitting = middle;
            else tooLarge = middle;
        }
        return fitting;
    }

    private string Refusal(string what, MemoryLimits limits, long held, int fitting)
    {
        string inUse = (limits.DriverBytes > 0 ? $", of which {Size(limits.DriverBytes)} are left to the driver and the screen" : "")
            + (held > 0 ? $", of which {Size(held)} are in use already" : "");
        string needs = LargestBufferBytes > limits.LargestBufferBytes
            ? FormattableString.Invariant($"{Size(Bytes)}, with a single buffer of {Size(LargestBufferBytes)},")
            : Size(Bytes);
        string next = fitting > 0 ? FormattableString.Invariant($"A batch of {fitting} fits: --batch {fitting}, or batch_size: {fitting} in the prototxt.")
            : Batch > 1 ? "No batch fits, not even one of a single item: use a smaller network or image, another device, or --device cpu."
            : "There is no smaller batch: use a smaller network or image, another device, or --device cpu.";
        return FormattableString.Invariant($"{what} with a batch of {Batch} needs {needs} of memory on {limits.Device}, which has {Size(limits.TotalBytes)}{inUse}, in buffers of up to {Size(limits.LargestBufferBytes)}. Nothing was allocated. {next}");
    }
}
