using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Tensors;
using Cortado.Tests.Backends;

namespace Cortado.Tests.Layers;

/// <summary>LRN against its formula in double precision.</summary>
public class LrnTests
{
    [Theory]
    [InlineData(2, 7, 225, 5, 0.3f, 0.75f, 1f)]
    [InlineData(3, 4, 9, 3, 1f, 0.75f, 2f)]
    [InlineData(1, 3, 130, 9, 0.5f, 0.75f, 1f)]
    [InlineData(2, 6, 65, 1, 2f, 0.5f, 0.5f)]
    [InlineData(1, 5, 1, 3, 1f, 1.3f, 1f)]
    public void AcrossChannels(int batch, int channels, int pixels, int size, float alpha, float beta, float k)
    {
        var window = new List<int>[batch * channels * pixels];
        for (int i = 0; i < window.Length; i++)
        {
            int c = i / pixels % channels;
            window[i] = [];
            for (int o = -(size / 2); o <= size / 2; o++)
                if (c + o >= 0 && c + o < channels) window[i].Add(i + o * pixels);
        }
        Check(backend => backend.Prepare(new LrnAcrossChannelsSpec(batch, channels, pixels, size, alpha, beta, k)), window, k, alpha / size, beta);
    }

    [Theory]
    [InlineData(3, 13, 13, 5, 0.4f, 0.75f)]
    [InlineData(2, 2, 3, 5, 1f, 0.75f)]
    [InlineData(1, 9, 33, 3, 2f, 0.4f)]
    [InlineData(5, 1, 1, 1, 1f, 0.75f)]
    public void WithinChannel(int planes, int height, int width, int size, float alpha, float beta)
    {
        var window = new List<int>[planes * height * width];
        for (int i = 0; i < window.Length; i++)
        {
            int row = i / width % height, column = i % width;
            window[i] = [];
            for (int y = -(size / 2); y <= size / 2; y++)
                for (int x = -(size / 2); x <= size / 2; x++)
                    if (row + y >= 0 && row + y < height && column + x >= 0 && column + x < width) window[i].Add(i + y * width + x);
        }
        Check(backend => backend.Prepare(new LrnWithinChannelSpec(planes, height, width, size, alpha, beta)), window, 1, alpha / (size * size), beta);
    }

    [Fact]
    public void ItForwardsInPlaceButIsNotTrainedInPlace()
    {
        const string Layer = "layer { name: \"c\" type: \"Power\" bottom: \"x\" top: \"t\" } layer { name: \"l\" type: \"LRN\" bottom: \"t\" top: \"t\" lrn_param { local_size: 3 } }";
        const string Apart = "layer { name: \"l\" type: \"LRN\" bottom: \"x\" top: \"t\" lrn_param { local_size: 3 } }";
        using var inPlace = new SmallNet(Layer, ["x 2 5 4 21"], Phase.Test);
        using var apart = new SmallNet(Apart, ["x 2 5 4 21"], Phase.Test);
        Assert.Equal(apart.Randomize("x", 1).Forward().Data("t"), inPlace.Randomize("x", 1).Forward().Data("t"));
        Assert.Contains("in place", Assert.Throws<CortadoException>(() => new SmallNet(Layer, ["x 2 5 4 21"])).Message, StringComparison.Ordinal);
    }

    private static void Check(Func<CpuBackend, ILrn> prepare, List<int>[] window, float k, float weight, float beta)
    {
        int count = window.Length;
        float[] x = Numbers.Random(count, 1), dy = Numbers.Random(count, 2);
        double[] scale = new double[count], y = new double[count], dx = new double[count];
        for (int i = 0; i < count; i++)
        {
            scale[i] = k + weight * window[i].Sum(at => (double)x[at] * x[at]);
            y[i] = x[i] * Math.Pow(scale[i], -beta);
        }
        // Windows are symmetric: whom i sees is who sees i.
        for (int i = 0; i < count; i++)
            dx[i] = dy[i] * Math.Pow(scale[i], -beta) - 2 * weight * beta * x[i] * window[i].Sum(at => dy[at] * x[at] * Math.Pow(scale[at], -beta - 1));

        using var backend = new CpuBackend(3);
        using ILrn lrn = prepare(backend);
        using DeviceBuffer input = backend.Buffer(x), output = backend.Garbage(count), outputDiff = backend.Buffer(dy), inputDiff = backend.Garbage(count);
        lrn.Forward(input, output);
        lrn.Backward(input, outputDiff, inputDiff);
        Numbers.AssertClose(y, output.Read(), "output");
        Numbers.AssertClose(dx, inputDiff.Read(), "gradient");
    }
}
