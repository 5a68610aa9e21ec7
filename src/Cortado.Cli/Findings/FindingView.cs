using Cortado.Diagnostics;
using Spectre.Console;

namespace Cortado.Cli.Findings;

/// <summary>The doctor's findings and edits as a console shows them.</summary>
internal static class FindingView
{
    /// <summary>Each finding, worst first, then one line that sums up.</summary>
    public static void Write(DoctorReport report, Terminal terminal)
    {
        foreach (Finding finding in report.Findings) Write(finding, terminal);
        int errors = report.Findings.Count(f => f.Severity == Severity.Error), warnings = report.Findings.Count(f => f.Severity == Severity.Warning);
        terminal.Line(errors + warnings == 0
            ? "The doctor found nothing to worry about."
            : $"The doctor found {Count(errors, "error")} and {Count(warnings, "warning")}.");
    }

    /// <summary>One finding.</summary>
    public static void Write(Finding finding, Terminal terminal)
    {
        string[] lines = FindingText.Of(finding).TrimEnd('\n').Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (i == 0 && terminal.Live is { } console) console.MarkupLine($"[{Colour(finding.Severity)}]{Markup.Escape(lines[i])}[/]");
            else terminal.Line(lines[i]);
        }
    }

    /// <summary>The edits as a unified diff.</summary>
    public static void WriteDiff(string diff, Terminal terminal)
    {
        foreach (string line in diff.TrimEnd('\n').Split('\n'))
        {
            string? colour = line.StartsWith('+') ? "green" : line.StartsWith('-') ? "red" : line.StartsWith('@') ? "grey" : null;
            if (colour != null && terminal.Live is { } console) console.MarkupLine($"[{colour}]{Markup.Escape(line)}[/]");
            else terminal.Line(line);
        }
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static string Colour(Severity severity) => severity switch
    {
        Severity.Error => "red bold",
        Severity.Warning => "yellow",
        _ => "blue",
    };
}
