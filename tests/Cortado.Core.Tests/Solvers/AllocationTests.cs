namespace Cortado.Tests.Solvers;

public class AllocationTests
{
    [Theory]
    [InlineData("sgd_clip")]
    [InlineData("adam")]
    public void AStepAllocatesNothing(string run)
    {
        using var golden = new GoldenRuns(run);
        golden.Solver.Step(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        golden.Solver.Step(20);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
