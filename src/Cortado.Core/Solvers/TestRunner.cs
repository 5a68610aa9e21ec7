using System.Diagnostics;
using Cortado.Nets;

namespace Cortado.Solvers;

/// <summary>Runs the test networks and averages their outputs as Caffe does.</summary>
internal sealed class TestRunner
{
    private readonly Solver _solver;
    private readonly IReadOnlyList<Net> _nets;
    private readonly NetScores[] _scores;
    private readonly TestReport[] _reports;
    private readonly long[][] _cursors;

    public TestRunner(Solver solver, IReadOnlyList<Net> nets)
    {
        _solver = solver;
        _nets = nets;
        _scores = new NetScores[nets.Count];
        _reports = new TestReport[nets.Count];
        _cursors = new long[nets.Count][];
        for (int i = 0; i < nets.Count; i++)
        {
            _scores[i] = new NetScores(nets[i]);
            _reports[i] = new TestReport(i, _scores[i]);
            _cursors[i] = new long[nets[i].Layers.Count];
        }
    }

    /// <summary>
    /// Runs all test networks and adds their reports. When the training is to end meanwhile, nothing is added and the test
    /// networks stand where they stood before, so that a resumed training repeats the whole test.
    /// </summary>
    /// <returns>Whether every test was run to its end. Only this answer counts: a stop may be asked for just after.</returns>
    public bool RunAll(List<TestReport> reports)
    {
        KeepCursors();
        for (int i = 0; i < _nets.Count; i++)
        {
            if (Run(i)) continue;
            reports.Clear();
            RestoreCursors();
            return false;
        }
        reports.AddRange(_reports);
        return true;
    }

    private bool Run(int index)
    {
        foreach (SolverObserver observer in _solver.Observers) observer.TestStarting(_solver, index);
        long start = Stopwatch.GetTimestamp();
        Net net = _nets[index];
        int batches = _solver.Parameter.TestIter[index];
        float loss = 0;
        for (int i = 0; i < batches; i++)
        {
            if (_solver.Stopping) return false;
            net.Forward();
            if (_solver.Parameter.TestComputeLoss) loss += net.Loss();
            if (i == 0) _scores[index].Read();
            else _scores[index].Add();
        }
        _scores[index].DivideBy(batches);
        TestReport report = _reports[index];
        report.Iteration = _solver.Iteration;
        report.Batches = batches;
        report.Loss = _solver.Parameter.TestComputeLoss ? loss / batches : null;
        report.Seconds = (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;
        foreach (SolverObserver observer in _solver.Observers) observer.TestDone(_solver, report);
        return true;
    }

    private void KeepCursors()
    {
        for (int i = 0; i < _nets.Count; i++)
            for (int j = 0; j < _cursors[i].Length; j++) _cursors[i][j] = _nets[i].Layers[j].Layer.Cursor;
    }

    private void RestoreCursors()
    {
        for (int i = 0; i < _nets.Count; i++)
        {
            for (int j = 0; j < _cursors[i].Length; j++)
                if (_nets[i].Layers[j].Layer.Cursor != _cursors[i][j]) _nets[i].Layers[j].Layer.Cursor = _cursors[i][j];
        }
    }
}
