using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cortado.Cli;

/// <summary>
/// Ctrl+C and a polite request to end (SIGTERM) become a cancellation, so that the command can save what it has. A second one,
/// some time later, ends the process as usual. One that follows at once is the same request by another way: a shell or a timeout signals the
/// whole group, and <c>dotnet run</c> passes its own on.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private static readonly TimeSpan SameRequest = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _source = new();
    private readonly Terminal _terminal;
    private long _first;
    private readonly PosixSignalRegistration _interrupt, _terminate;

    /// <summary>Listens from now on.</summary>
    /// <param name="terminal">Remembers that it was asked to end.</param>
    public Interrupt(Terminal terminal)
    {
        _terminal = terminal;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            context.Cancel = Stopwatch.GetElapsedTime(Volatile.Read(ref _first)) < SameRequest;
            return;
        }
        Volatile.Write(ref _first, Stopwatch.GetTimestamp());
        context.Cancel = true;
        _terminal.MarkInterrupted();
        _source.Cancel();
    }
}
