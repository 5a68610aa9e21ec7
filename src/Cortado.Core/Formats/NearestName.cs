namespace Cortado.Formats;

/// <summary>Finds the known name that a misspelt one probably stands for.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The nearest name by edits (insert, delete, replace, swap of neighbours; case is free), or null where none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        string lower = name.ToLowerInvariant();
        string? best = null;
        int bestDistance = 1 + Math.Max(1, name.Length / 3);
        foreach (string candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance)
            {
                continue;
            }

            int distance = Distance(lower, candidate.ToLowerInvariant());
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        // Rows of the edit table: two back, one back and current (restricted Damerau-Levenshtein).
        int[] before = new int[b.Length + 1];
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int cost = Math.Min(replace, 1 + Math.Min(previous[j], current[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost = Math.Min(cost, before[j - 2] + 1);
                }

                current[j] = cost;
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
