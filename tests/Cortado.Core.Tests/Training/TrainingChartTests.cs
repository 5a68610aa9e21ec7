using Cortado.Training;

namespace Cortado.Tests.Training;

public class TrainingChartTests
{
    [Fact]
    public void LossesFillTheSquareOnAnAxisFromZero()
    {
        TrainingHistory history = Falling(1000);
        var chart = new TrainingChart();
        chart.Update(history, 2000, 100);
        Assert.Equal(100, chart.Loss.Count);
        Assert.Equal(0, chart.Loss[0].X);
        Assert.InRange(chart.Loss[99].X, 0.49f, 0.5f);
        Assert.True(chart.Loss[0].Begins);
        Assert.All(chart.Loss.Skip(1), point => Assert.False(point.Begins));
        // 2 falls to 1; the axis ends at 5, the round number above 2.
        Assert.Equal([0, 2, 4], chart.LossTicks.Select(tick => tick.Value));
        Assert.InRange(chart.Loss[0].Y, 0.39f, 0.4f);
        Assert.InRange(chart.Loss[99].Y, 0.2f, 0.205f);
        Assert.All(chart.Band.Chunk(2), pair => Assert.True(pair[0].Y <= pair[1].Y));
        Assert.Null(chart.Diverged);
    }

    [Fact]
    public void ANaNBreaksTheLineAndIsMarked()
    {
        var history = new TrainingHistory();
        for (int i = 0; i < 10; i++) history.AddLoss(i, i == 4 ? float.NaN : 1, 0.1f);
        var chart = new TrainingChart();
        chart.Update(history, 10, 100);
        Assert.Equal(9, chart.Loss.Count);
        Assert.Equal([true, false, false, false, true, false, false, false, false], chart.Loss.Select(point => point.Begins));
        Assert.Equal(0.4f, chart.Diverged);
    }

    [Fact]
    public void OneSpikeDoesNotFlattenTheRest()
    {
        var history = new TrainingHistory();
        for (int i = 0; i < 200; i++) history.AddLoss(i, i == 100 ? 1e6f : 1, 0.1f);
        var chart = new TrainingChart();
        chart.Update(history, 200, 200);
        Assert.InRange(chart.Loss[0].Y, 0.4f, 1);
        Assert.Equal(1, chart.Loss[100].Y);
    }

    [Fact]
    public void AnEmptyHistoryGivesAxesAndNoLines()
    {
        var chart = new TrainingChart();
        chart.Update(new TrainingHistory(), 100, 50);
        Assert.Empty(chart.Loss);
        Assert.NotEmpty(chart.IterationTicks);
    }

    [Theory]
    [InlineData(0, 1000, new double[] { 0, 500, 1000 })]
    [InlineData(3, 17, new double[] { 5, 10, 15 })]
    [InlineData(0, 0.07, new double[] { 0, 0.02, 0.04, 0.06 })]
    [InlineData(5, 5, new double[] { })]
    public void TicksAreRound(double least, double most, double[] expected)
    {
        double[] values = AxisTicks.Of(least, most, 4).Select(tick => Math.Round(tick.Value, 6)).ToArray();
        Assert.Equal(expected, values);
    }

    [Fact]
    public void CurvesComeBackFromAFileAsFarAsAnIteration()
    {
        using var folder = new Solvers.TempFolder();
        TrainingHistory history = Falling(5000);
        history.Save(folder.File("curves"));
        TrainingHistory whole = TrainingHistory.Load(folder.File("curves"));
        Assert.Equal(5000, whole.Count);
        Assert.Equal(history.LearningRates(), whole.LearningRates());
        TrainingHistory part = TrainingHistory.Load(folder.File("curves"), 4200);
        Assert.Equal(4200, part.Count);
        var losses = new float[5000];
        part.CopyLosses(0, losses);
        Assert.Equal(2 - 4199 / 5000f, losses[4199]);
        byte[] bytes = File.ReadAllBytes(folder.File("curves"));
        foreach (int length in new[] { 0, 3, 9, 100, bytes.Length - 1 })
        {
            File.WriteAllBytes(folder.File("cut"), bytes[..length]);
            Assert.Throws<CortadoException>(() => TrainingHistory.Load(folder.File("cut")));
        }
    }

    [Fact]
    public void SnapshotsAreListedByTheirNames()
    {
        using var folder = new Solvers.TempFolder();
        foreach (string name in new[] { "snap_iter_5.caffemodel", "snap_iter_40.caffemodel", "snap_iter_40.cortado", "snap_diverged_iter_50.caffemodel", "snap_iter_x.caffemodel", "snapshot_iter_7.caffemodel" })
            File.WriteAllText(folder.File(name), "x");
        IReadOnlyList<SnapshotEntry> entries = SnapshotCatalog.Of(folder.File("snap"));
        Assert.Equal([50, 40, 5], entries.Select(entry => entry.Iteration));
        Assert.Equal([false, true, true], entries.Select(entry => entry.Healthy));
        Assert.Equal([null, folder.File("snap_iter_40.cortado"), null], entries.Select(entry => entry.Checkpoint));
        Assert.Empty(SnapshotCatalog.Of(folder.File("absent/snap")));
    }

    private static TrainingHistory Falling(int count)
    {
        var history = new TrainingHistory();
        for (int i = 0; i < count; i++) history.AddLoss(i, 2 - (float)i / count, i < count / 2 ? 0.1f : 0.01f);
        return history;
    }
}
