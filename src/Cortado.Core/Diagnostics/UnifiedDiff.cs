using System.Globalization;
using System.Text;

namespace Cortado.Diagnostics;

/// <summary>The difference of two texts as <c>diff -u</c> shows it, with three lines around each change.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The diff; empty when the texts are the same.</summary>
    public static string Of(string fileName, string before, string after)
    {
        string[] a = Lines(before), b = Lines(after);
        List<(char Kind, string Line)> script = Script(a, b);
        var text = new StringBuilder();
        int oldLine = 1, newLine = 1;
        for (int i = 0; i < script.Count;)
        {
            if (script[i].Kind == ' ')
            {
                i++;
                oldLine++;
                newLine++;
                continue;
            }
            int start = Math.Max(0, i - Context), end = HunkEnd(script, i);
            int oldStart = oldLine - (i - start), newStart = newLine - (i - start), oldCount = 0, newCount = 0;
            var hunk = new StringBuilder();
            for (int j = start; j < end; j++)
            {
                (char kind, string line) = script[j];
                hunk.Append(kind).Append(line).Append('\n');
                if (kind != '+') oldCount++;
                if (kind != '-') newCount++;
            }
            if (text.Length == 0) text.Append("--- ").Append(fileName).Append('\n').Append("+++ ").Append(fileName).Append('\n');
            text.Append(string.Format(CultureInfo.InvariantCulture, "@@ -{0},{1} +{2},{3} @@\n", oldStart, oldCount, newStart, newCount)).Append(hunk);
            oldLine = oldStart + oldCount;
            newLine = newStart + newCount;
            i = end;
        }
        return text.ToString();
    }

    private static int HunkEnd(List<(char Kind, string Line)> script, int first)
    {
        int last = first;
        for (int i = first; i < script.Count && i - last <= 2 * Context; i++)
            if (script[i].Kind != ' ') last = i;
        return Math.Min(script.Count, last + 1 + Context);
    }

    private static string[] Lines(string text)
    {
        string[] lines = text.Replace("\r\n", "\n").Split('\n');
        if (lines.Length > 0 && lines[lines.Length - 1].Length == 0) Array.Resize(ref lines, lines.Length - 1);
        return lines;
    }

    // Longest common subsequence of what lies between the common head and tail: edits are few and near each other.
    private static List<(char Kind, string Line)> Script(string[] a, string[] b)
    {
        int head = 0, tail = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head]) head++;
        while (tail < a.Length - head && tail < b.Length - head && a[a.Length - 1 - tail] == b[b.Length - 1 - tail]) tail++;
        int n = a.Length - head - tail, m = b.Length - head - tail;
        var script = new List<(char, string)>();
        for (int i = 0; i < head; i++) script.Add((' ', a[i]));
        if ((long)n * m <= 16_000_000)
        {
            var length = new int[n + 1, m + 1];
            for (int i = n - 1; i >= 0; i--)
                for (int j = m - 1; j >= 0; j--)
                    length[i, j] = a[head + i] == b[head + j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            int x = 0, y = 0;
            while (x < n || y < m)
            {
                if (x < n && y < m && a[head + x] == b[head + y]) { script.Add((' ', a[head + x])); x++; y++; }
                else if (x < n && (y == m || length[x + 1, y] >= length[x, y + 1])) script.Add(('-', a[head + x++]));
                else script.Add(('+', b[head + y++]));
            }
        }
        else
        {
            for (int i = 0; i < n; i++) script.Add(('-', a[head + i]));
            for (int j = 0; j < m; j++) script.Add(('+', b[head + j]));
        }
        for (int i = a.Length - tail; i < a.Length; i++) script.Add((' ', a[i]));
        return script;
    }
}
