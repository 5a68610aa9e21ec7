using Cortado.Backends;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class MonitorTests
{
    [Fact]
    public void AStopBeforeTheUpdateLeavesTheWeights()
    {
        using var folder = new TempFolder();
        using IBackend backend = TestBackend.Create();
        var monitor = new StopAt(3);
        using var solver = new Solver(SmallTraining.Parameter(folder, "base_lr: 0.1 lr_policy: 'fixed' max_iter: 9 snapshot: 2"), SmallTraining.Options(backend) with { Monitor = monitor });
        Assert.Equal(SolveOutcome.Diverged, solver.Solve());
        Assert.Equal("enough", solver.StopReason);
        Assert.Equal(3, solver.Iteration);
        Assert.Equal(monitor.Bits, SmallTraining.Bits(solver));
        Assert.True(monitor.SawGradient);
        Assert.Equal(2, solver.LastHealthySnapshot!.Iteration);
        Assert.False(File.Exists(folder.File("snap_iter_3.caffemodel")));
    }

    private sealed class StopAt(int iteration) : ITrainingMonitor
    {
        public int[] Bits { get; private set; } = [];

        public bool SawGradient { get; private set; }

        public TrainingVerdict BeforeUpdate(Solver solver, IterationReport report)
        {
            SawGradient |= solver.Net.Params[0].Blob.ReadDiff().IndexOfAnyExcept(0f) >= 0;
            if (solver.Iteration != iteration) return TrainingVerdict.Continue;
            Bits = SmallTraining.Bits(solver);
            return TrainingVerdict.StopBecause("enough");
        }

        public TrainingVerdict AfterIteration(Solver solver, IterationReport report) => TrainingVerdict.Continue;
    }
}
