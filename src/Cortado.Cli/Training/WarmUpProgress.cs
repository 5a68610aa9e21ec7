using System.Diagnostics;
using System.Globalization;
using Cortado.Backends;
using Cortado.Solvers;

namespace Cortado.Cli.Training;

/// <summary>What goes on before the first iteration on a device that compiles: the bar moves, and a line says what it was.</summary>
internal sealed class WarmUpProgress(ProgressDisplay display, IKernelCompiler compiler, Terminal terminal) : SolverObserver
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly int _compiledBefore = compiler.CompiledPrograms;

    public override void WarmingUp(Solver solver, int done, int total)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"preparing {compiler.Name}, pass {done} of {total} through a layer");
        display.Report(solver.Iteration, text);
        int compiled = compiler.CompiledPrograms - _compiledBefore;
        if (done == total && compiled > 0)
            terminal.Note(string.Create(CultureInfo.InvariantCulture,
                $"prepared {compiler.Name} in {Stopwatch.GetElapsedTime(_start).TotalSeconds:F1} s: {compiled} kernel{(compiled == 1 ? "" : "s")} compiled. All {total} passes through a layer were run once, without weights being changed."));
    }
}
