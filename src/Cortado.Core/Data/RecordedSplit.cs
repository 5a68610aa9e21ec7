using System.Globalization;

namespace Cortado.Data;

/// <summary>Where a recorded example goes, and under which key: both follow from counts alone, so a recording that is continued gives what one in one piece would have given.</summary>
internal static class RecordedSplit
{
    /// <summary>Whether the next example of a class goes into the validation database: as evenly spread as the share allows, in each class for itself.</summary>
    /// <param name="ofClass">How many examples the class has in both databases.</param>
    /// <param name="share">The share that goes there, 0 to 1.</param>
    public static bool IsValidation(long ofClass, double share) => Math.Floor((ofClass + 1) * share + 1e-9) > Math.Floor(ofClass * share + 1e-9);

    /// <summary>
    /// The key of an example. A database is read in the order of its keys, and a recording comes class by class as often as not: the key begins with a number that is spread
    /// evenly, so that trainings see classes mixed.
    /// </summary>
    /// <param name="number">Counts the examples of both databases from 0.</param>
    /// <param name="label">Its label.</param>
    public static string Key(long number, int label) => string.Format(CultureInfo.InvariantCulture, "{0:x8}_{1:d8}_{2}", Spread((uint)number), number, label);

    // One-to-one on 32 bits: multiplications by odd numbers and shifts that are exclusive-ored can be undone.
    private static uint Spread(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7feb352d;
        x = (x ^ (x >> 15)) * 0x846ca68b;
        return x ^ (x >> 16);
    }
}
