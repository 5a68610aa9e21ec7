using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Cortado.Cli;

/// <summary>How far a long work is: a live bar on a terminal, a line now and then in a file.</summary>
internal sealed class ProgressDisplay
{
    private readonly Terminal _terminal;
    private readonly ProgressTask? _task;
    private readonly string _title;
    private readonly long _total;
    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private long _done;

    private ProgressDisplay(Terminal terminal, ProgressTask? task, string title, long total)
    {
        _terminal = terminal;
        _task = task;
        _title = title;
        _total = total;
    }

    /// <summary>Seconds between two lines in a file; no lines for work that takes less.</summary>
    private const double LineSeconds = 10;

    /// <summary>Runs the work with a display that lasts as long as it does. A total of 0 is unknown.</summary>
    public static T Run<T>(Terminal terminal, string title, long total, Func<ProgressDisplay, T> work)
    {
        if (terminal.Live == null) return work(new ProgressDisplay(terminal, null, title, total));
        T result = default!;
        terminal.Live.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
                task.IsIndeterminate = total <= 0;
                result = work(new ProgressDisplay(terminal, task, title, total));
            });
        return result;
    }

    /// <summary>Whether there is a bar to move, and not lines.</summary>
    public bool IsLive => _task != null;

    /// <summary>Says how many items are done.</summary>
    public void Report(long done, string? remark = null)
    {
        _done = done;
        if (_task != null)
        {
            _task.Value = done;
            if (remark != null) _task.Description = Markup.Escape($"{_title} {remark}");
            return;
        }
        if (_sinceLine.Elapsed.TotalSeconds < LineSeconds) return;
        _sinceLine.Restart();
        _terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{_title}: {done}{(_total > 0 ? $" of {_total}" : "")}{(remark == null ? "" : ", " + remark)}"));
    }

    /// <summary>One item more is done.</summary>
    public void Step() => Report(_done + 1);
}
