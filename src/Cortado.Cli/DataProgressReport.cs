using Cortado.Data;

namespace Cortado.Cli;

/// <summary>Hands the progress of work on data to a display, on the thread that reports it.</summary>
internal sealed class DataProgressReport(ProgressDisplay display) : IProgress<DataProgress>
{
    public void Report(DataProgress value) => display.Report(value.Done, value.Skipped > 0 ? $"{value.Skipped} skipped" : null);
}
