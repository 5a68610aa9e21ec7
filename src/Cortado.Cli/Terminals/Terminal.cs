using System.Text;
using Spectre.Console;

namespace Cortado.Cli;

/// <summary>
/// Where a command writes: results to standard output, remarks and errors to standard error. On a terminal there are colours,
/// tables with lines and live progress; redirected there are plain lines only.
/// </summary>
internal sealed class Terminal
{
    private readonly Terminal? _parent;
    private volatile bool _isInterrupted;

    public Terminal(TextWriter output, TextWriter error, IAnsiConsole? live, Terminal? parent = null)
    {
        _parent = parent;
        Out = output;
        Error = error;
        Live = live;
    }

    /// <summary>Standard output.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>The console that draws; null where output goes into a file or a pipe.</summary>
    public IAnsiConsole? Live { get; }

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool redirected = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb";
        if (!redirected)
        {
            try
            {
                Console.OutputEncoding = utf8;
            }
            catch (IOException)
            {
                // A console that cannot change its encoding still shows plain text.
            }
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
            // Errors go through the console too where they share its screen, so that they do not tear a progress bar.
            if (console.Profile.Capabilities.Ansi)
                return new Terminal(new ConsoleWriter(console), Console.IsErrorRedirected ? Console.Error : new ConsoleWriter(console), console);
        }
        var plain = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        return new Terminal(plain, Console.Error, null);
    }

    /// <summary>Whether the person at it asked the command to end.</summary>
    public bool IsInterrupted => _isInterrupted;

    /// <summary>The person at it asks the command to end. Any thread may say so.</summary>
    public void MarkInterrupted()
    {
        _isInterrupted = true;
        _parent?.MarkInterrupted();
    }

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => Out.WriteLine(text);

    /// <summary>A remark beside the result, on standard error, so that it never mixes with output that is read by a program.</summary>
    public void Note(string text) => Error.WriteLine($"note: {text}");

    /// <summary>A terminal whose results are remarks of this one: they go to standard error.</summary>
    public Terminal Beside() => new(Error, Error, null, this);

    /// <summary>The same streams without anything that moves or is said in passing on standard output.</summary>
    public Terminal Silent() => new(TextWriter.Null, Error, null, this);

    /// <summary>A headline between parts of a longer output.</summary>
    public void Heading(string text)
    {
        Line();
        if (Live != null) Live.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
        else Line(text);
    }
}
