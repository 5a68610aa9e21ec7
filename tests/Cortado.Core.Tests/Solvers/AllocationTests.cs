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
        Assert.Equal(0, Allocated.InQuietestRound(() => golden.Solver.Step(5)));
    }
}
