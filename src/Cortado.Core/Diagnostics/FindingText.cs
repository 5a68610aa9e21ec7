using System.Globalization;
using System.Text;

namespace Cortado.Diagnostics;

/// <summary>A finding in plain lines, for logs and consoles without colours.</summary>
public static class FindingText
{
    /// <summary>The finding as text: severity, place, what, why, the number and the edits.</summary>
    public static string Of(Finding finding)
    {
        var text = new StringBuilder();
        text.Append(finding.Severity.ToString().ToLowerInvariant()).Append(" [").Append(finding.Rule).Append("] ");
        text.Append(finding.Subject);
        if (finding.Place != null) text.Append(" (").Append(finding.Place).Append(')');
        text.Append('\n').Append("  ").Append(finding.Summary).Append('\n').Append("  Why: ").Append(finding.Why).Append('\n');
        if (finding.Measured != null)
            text.Append("  Measured: ").Append(finding.Measured.Name).Append(" = ").Append(Number(finding.Measured.Value))
                .Append(Expected(finding.Expected)).Append('\n');
        foreach (PrototxtEdit edit in finding.Edits) text.Append("  Edit: ").Append(edit.FileName).Append(": ").Append(edit.Summary).Append('\n');
        return text.ToString();
    }

    /// <summary>An expected range in words, with a leading separator: <c>; expected at most 100</c>.</summary>
    public static string Expected(ExpectedRange? range) => range switch
    {
        null => "",
        { Least: { } least, Most: { } most } when least == most => $"; expected {Number(least)}",
        { Least: { } least, Most: { } most } => $"; expected {Number(least)} to {Number(most)}",
        { Most: { } most } => $"; expected at most {Number(most)}",
        { Least: { } least } => $"; expected at least {Number(least)}",
        _ => "",
    };

    /// <summary>A number with up to six significant digits.</summary>
    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
