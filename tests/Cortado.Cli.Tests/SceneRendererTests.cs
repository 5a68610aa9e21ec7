using Cortado.Cli.Demo;

namespace Cortado.Tests;

public class SceneRendererTests
{
    private const int Bytes = SceneRenderer.StandardSize * SceneRenderer.StandardSize * 3;

    [Fact]
    public void The_same_seed_and_number_give_the_same_picture_in_any_order()
    {
        byte[] first = Render(7, 5);
        var renderer = new SceneRenderer(7);
        byte[] other = new byte[Bytes], again = new byte[Bytes];
        renderer.Render(11, other);
        renderer.Render(5, again);
        Assert.Equal(first, again);
        Assert.NotEqual(first, Render(8, 5));
    }

    [Fact]
    public void No_two_pictures_are_alike()
    {
        var seen = new HashSet<string>();
        for (int i = 0; i < 300; i++) Assert.True(seen.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Render(1, i)))));
    }

    /// <summary>Nobody can tell the classes by how bright, how colourful or how varied a picture is: a threshold on such a number stays far from an answer. (A crate's planks vary more than a ball; that tells a little.)</summary>
    [Fact]
    public void Simple_statistics_do_not_tell_the_classes()
    {
        const int count = 800;
        var features = new double[7][];
        for (int f = 0; f < features.Length; f++) features[f] = new double[count];
        for (int i = 0; i < count; i++)
        {
            double[] of = Statistics(Render(3, i));
            for (int f = 0; f < features.Length; f++) features[f][i] = of[f];
        }
        foreach (double[] feature in features) Assert.InRange(BestThreshold(feature), 0.5, 0.7);
    }

    private static byte[] Render(ulong seed, long number)
    {
        byte[] rgb = new byte[Bytes];
        new SceneRenderer(seed).Render(number, rgb);
        return rgb;
    }

    private static double[] Statistics(byte[] rgb)
    {
        double[] sum = new double[3], squares = new double[3];
        for (int i = 0; i < rgb.Length; i++)
        {
            sum[i % 3] += rgb[i];
            squares[i % 3] += (double)rgb[i] * rgb[i];
        }
        int pixels = rgb.Length / 3;
        double[] mean = [sum[0] / pixels, sum[1] / pixels, sum[2] / pixels];
        double[] deviation = [Math.Sqrt(squares[0] / pixels - mean[0] * mean[0]), Math.Sqrt(squares[1] / pixels - mean[1] * mean[1]), Math.Sqrt(squares[2] / pixels - mean[2] * mean[2])];
        return [.. mean, .. deviation, mean.Max() - mean.Min()];
    }

    /// <summary>The accuracy of the best rule "class 1 above (or below) a threshold".</summary>
    private static double BestThreshold(double[] feature)
    {
        int[] order = Enumerable.Range(0, feature.Length).OrderBy(i => feature[i]).ToArray();
        int balls = feature.Length / 2, right = balls, best = right;
        foreach (int i in order)
        {
            right += SceneRenderer.ClassOf(i) == SceneClass.Box ? 1 : -1;
            best = Math.Max(best, Math.Max(right, feature.Length - right));
        }
        return (double)best / feature.Length;
    }
}
