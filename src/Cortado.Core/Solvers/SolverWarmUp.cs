using Cortado.Nets;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>Runs every layer of a solver's networks once before the first iteration, on devices that compile what is first used.</summary>
internal sealed class SolverWarmUp
{
    private readonly Solver _solver;
    private readonly Func<bool> _step;
    private int _done, _total;

    public SolverWarmUp(Solver solver)
    {
        _solver = solver;
        _step = Step;
    }

    /// <summary>Warms all networks up, and the norm of the gradient where it is wanted; stops early where the training is to end.</summary>
    public void Run(ParamNorms? norms)
    {
        _done = 0;
        _total = _solver.Net.WarmUpSteps(backward: true);
        foreach (Net test in _solver.TestNets) _total += test.WarmUpSteps(backward: false);
        Tell();
        _solver.Net.WarmUp(_step);
        foreach (Net test in _solver.TestNets)
        {
            if (_solver.Stopping) return;
            test.WarmUp(_step, backward: false);
        }
        norms?.Gradient();
        // Made at first use.
        foreach (Blob history in _solver.History) _ = history.Data;
    }

    private bool Step()
    {
        _done++;
        Tell();
        return !_solver.Stopping;
    }

    private void Tell()
    {
        foreach (SolverObserver observer in _solver.Observers) observer.WarmingUp(_solver, _done, _total);
    }
}
