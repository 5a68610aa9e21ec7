using System.Text;
using Spectre.Console;

namespace Cortado.Cli;

/// <summary>Plain text onto a live console: goes through it, so that a progress display below is kept intact.</summary>
internal sealed class ConsoleWriter(IAnsiConsole console) : TextWriter
{
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value == '\n') Flush(newLine: true);
            else if (value != '\r') _line.Append(value);
        }
    }

    public override void Write(string? value)
    {
        lock (_lock)
        {
            foreach (char c in value ?? "") Write(c);
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_lock)
        {
            Write(value);
            Flush(newLine: true);
        }
    }

    public override void Flush()
    {
        lock (_lock) Flush(newLine: false);
    }

    private void Flush(bool newLine)
    {
        if (!newLine && _line.Length == 0) return;
        // Not Markup: brackets are text here. Not wrapped: a log line stays one line.
        console.Write(new ControlFreeText(_line.ToString(), newLine));
        _line.Clear();
    }
}
