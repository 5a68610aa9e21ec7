using Cortado.Formats;
using Cortado.Layers;

namespace Cortado.Tests.Layers;

/// <summary>Dropout: who is dropped, how many, and that a resumed run drops the same.</summary>
public class DropoutTests
{
    private const string Layer = "force_backward: true layer { name: \"l\" type: \"Dropout\" bottom: \"x\" top: \"y\" dropout_param { dropout_ratio: 0.3 } }";

    [Fact]
    public void ItDropsItsShareAndScalesTheRest()
    {
        using SmallNet net = Ones(Layer, Phase.Train);
        float[] first = net.Forward().Data("y"), second = net.Forward().Data("y");
        int count = first.Length;
        double error = 6 * Math.Sqrt(0.3 * 0.7 / count);
        Assert.All(first, value => Assert.True(value == 0 || value == 1 / 0.7f, $"{value}"));
        Assert.InRange(first.Count(value => value == 0) / (double)count, 0.3 - error, 0.3 + error);

        // Two calls, and neighbours within one, drop independently.
        double together = first.Zip(second).Count(pair => pair is { First: 0, Second: 0 }) / (double)count;
        double neighbours = first.Zip(first.Skip(1)).Count(pair => pair is { First: 0, Second: 0 }) / (double)count;
        Assert.InRange(together, 0.09 - error, 0.09 + error);
        Assert.InRange(neighbours, 0.09 - error, 0.09 + error);
    }

    [Fact]
    public void TheGradientIsDroppedAlike()
    {
        using SmallNet net = Ones(Layer, Phase.Train);
        net.Forward();
        net.Net.Blob("y").WriteDiff().Fill(2);
        net.Net.Backward();
        Assert.Equal(net.Data("y").Select(value => 2 * value), net.Diff("x"));
    }

    [Fact]
    public void TheCursorBringsTheSameMasksBack()
    {
        using SmallNet net = Ones(Layer, Phase.Train), resumed = Ones(Layer, Phase.Train);
        net.Forward();
        resumed.Net.FindLayer("l")!.Layer.Cursor = net.Net.FindLayer("l")!.Layer.Cursor;
        Assert.Equal(net.Forward().Data("y"), resumed.Forward().Data("y"));
    }

    [Fact]
    public void LayersDropIndependently()
    {
        using SmallNet net = Ones(Layer + Layer.Replace("force_backward: true", "").Replace("\"l\"", "\"m\"").Replace("\"y\"", "\"z\""), Phase.Train);
        net.Forward();
        Assert.NotEqual(net.Data("y"), net.Data("z"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("y")]
    public void InTestItPassesEverythingOn(string top)
    {
        using SmallNet net = Ones(Layer.Replace("\"y\"", $"\"{top}\""), Phase.Test);
        Assert.All(net.Forward().Data(top), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-0.1")]
    [InlineData("nan")]
    public void ARatioThatDropsAllOrMakesNoSenseIsRefused(string ratio)
    {
        var error = Assert.Throws<CortadoException>(() => Ones(Layer.Replace("0.3", ratio), Phase.Train));
        Assert.Contains("dropout_ratio", error.Message, StringComparison.Ordinal);
    }

    private static SmallNet Ones(string layers, Phase phase)
    {
        var net = new SmallNet(layers, ["x 7 11 401"], phase);
        net.Net.Blob("x").WriteData().Fill(1);
        return net;
    }
}
