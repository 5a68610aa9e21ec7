using Cortado.Nets;

namespace Cortado.Cli.Training;

/// <summary>Which layers took their weights from a file, and which did not.</summary>
internal static class WeightReportTable
{
    public static void Write(WeightReport report, Terminal terminal)
    {
        terminal.Line($"weights from {report.FileName}:");
        var table = new TextTable("layer", "outcome", "shapes in the file", "shapes in the network");
        foreach (WeightReportLine line in report.Lines) table.Row(line.Layer, line.Outcome.ToString(), line.FileShapes, line.NetShapes);
        table.Write(terminal);
    }
}
