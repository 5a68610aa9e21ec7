using Cortado.Training;

namespace Cortado.Tests.Training;

public class TrainingHistoryTests
{
    [Fact]
    public void LossesComeBackInWholeAndInStretches()
    {
        var history = new TrainingHistory();
        for (int i = 0; i < 10000; i++) history.AddLoss(500 + i, i, i < 6000 ? 0.1f : 0.01f);
        var all = new float[20000];
        Assert.Equal(10000, history.CopyLosses(500, all));
        Assert.All(Enumerable.Range(0, 10000), i => Assert.Equal(i, all[i]));
        Assert.Equal(3, history.CopyLosses(500 + 4095, all.AsSpan(0, 3)));
        Assert.Equal([4095f, 4096f, 4097f], all[..3]);
        Assert.Equal(0, history.CopyLosses(10500, all));
        var points = new CurvePoint[100];
        Assert.Equal(100, history.SampleLosses(points));
        Assert.Equal(new CurvePoint(500 + 4200, 4200, 4299, 4249.5f), points[42]);
        Assert.Equal([new RatePoint(500, 0.1f), new RatePoint(6500, 0.01f)], history.LearningRates());
    }

    [Fact]
    public void AStretchWithANaNIsNaN()
    {
        var history = new TrainingHistory();
        for (int i = 0; i < 20; i++) history.AddLoss(i, i == 13 ? float.NaN : 1, 0.1f);
        var points = new CurvePoint[2];
        history.SampleLosses(points);
        Assert.Equal(1, points[0].Mean);
        Assert.True(float.IsNaN(points[1].Mean) && float.IsNaN(points[1].Most));
    }
}
