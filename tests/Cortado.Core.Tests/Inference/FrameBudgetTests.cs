using System.Diagnostics;
using Cortado.Inference;

namespace Cortado.Tests.Inference;

public sealed class FrameBudgetTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    [Fact]
    public void There_is_no_limit_before_the_first_grant_and_after_one_of_zero()
    {
        var budget = new FrameBudget();
        Assert.Equal(TimeSpan.MaxValue, budget.Left);
        budget.Grant(1);
        budget.Spend(5 * Millisecond);
        Assert.False(budget.IsOpen);
        budget.Grant(0);
        Assert.True(budget.IsOpen);
        Assert.Equal(TimeSpan.MaxValue, budget.Left);
    }

    [Fact]
    public void What_a_frame_does_not_use_is_not_saved_up()
    {
        var budget = new FrameBudget();
        for (int frame = 0; frame < 10; frame++) budget.Grant(2);
        Assert.Equal(2, budget.Left.TotalMilliseconds, 3);
    }

    [Fact]
    public void What_took_too_long_is_paid_back_by_the_following_frames()
    {
        var budget = new FrameBudget();
        budget.Grant(2);
        budget.Spend(7 * Millisecond);
        int frames = 0;
        while (!budget.IsOpen)
        {
            Assert.Equal(TimeSpan.Zero, budget.Left);
            budget.Grant(2);
            frames++;
        }
        Assert.Equal(3, frames);
        Assert.Equal(1, budget.Left.TotalMilliseconds, 3);
    }
}
