using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;
using CsCheck;

namespace Cortado.Tests.Data;

/// <summary>The transform against a plain reading of its definition, element by element.</summary>
public class DataTransformerTests
{
    private static readonly Gen<(int C, int H, int W, int Crop, bool Mirror, int Mean, float Scale, int Seed)> Settings = Gen.Select(
        Gen.Int[1, 4], Gen.Int[1, 40], Gen.Int[1, 150], Gen.Int[0, 40], Gen.Bool, Gen.Int[0, 3], Gen.Float[0.001f, 3f], Gen.Int[0, 1000]);

    [Theory]
    [InlineData(Phase.Test, false)]
    [InlineData(Phase.Test, true)]
    [InlineData(Phase.Train, false)]
    [InlineData(Phase.Train, true)]
    public void Equals_the_definition(Phase phase, bool floats)
    {
        Settings.Sample(
            s =>
            {
                int crop = s.Crop > Math.Min(s.H, s.W) ? 0 : s.Crop;
                var parameter = new TransformationParameter { CropSize = (uint)crop, Mirror = s.Mirror, Scale = s.Scale };
                var random = new Random(s.Seed);
                byte[] bytes = new byte[s.C * s.H * s.W];
                random.NextBytes(bytes);
                float[] values = bytes.Select(b => floats ? b * 0.37f : b).ToArray();
                float[] means = new float[values.Length];
                MeanImage? image = null;
                if (s.Mean is 1 or 2)
                {
                    for (int i = 0; i < (s.Mean == 1 ? 1 : s.C); i++) parameter.MeanValue.Add((float)(random.NextDouble() * 200));
                    for (int i = 0; i < means.Length; i++) means[i] = parameter.MeanValue[s.Mean == 1 ? 0 : i / (s.H * s.W)];
                }
                else if (s.Mean == 3)
                {
                    for (int i = 0; i < means.Length; i++) means[i] = (float)(random.NextDouble() * 200);
                    image = new MeanImage(means, s.C, s.H, s.W, "mean");
                }

                var transformer = new DataTransformer(parameter, phase, new CounterRandom((ulong)s.Seed, 5), image);
                (int channels, int rows, int columns) = transformer.OutputSize(s.C, s.H, s.W);
                Assert.Equal((s.C, crop > 0 ? crop : s.H, crop > 0 ? crop : s.W), (channels, rows, columns));
                float[] found = new float[channels * rows * columns];
                if (floats) transformer.Transform(values, s.C, s.H, s.W, s.Seed, found);
                else transformer.Transform(bytes, s.C, s.H, s.W, s.Seed, found);

                bool anywhere = crop > 0 && phase == Phase.Train;
                int tops = s.H - rows, lefts = s.W - columns;
                for (int top = anywhere ? 0 : tops / 2; top <= (anywhere ? tops : tops / 2); top++)
                {
                    for (int left = anywhere ? 0 : lefts / 2; left <= (anywhere ? lefts : lefts / 2); left++)
                    {
                        for (int mirror = 0; mirror <= (s.Mirror ? 1 : 0); mirror++)
                            if (Matches(found, values, means, s.Scale, (s.C, s.H, s.W), (rows, columns), top, left, mirror == 1)) return;
                    }
                }

                Assert.Fail("no crop and mirroring gives this result");
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void Random_crops_and_mirrors_are_uniform_and_independent()
    {
        const int side = 6, crop = 4, records = 18000, places = 9 * 2;
        var parameter = new TransformationParameter { CropSize = crop, Mirror = true };
        var transformer = new DataTransformer(parameter, Phase.Train, new CounterRandom(7, 9));
        byte[] pixels = Enumerable.Range(0, side * side).Select(i => (byte)i).ToArray();
        float[] item = new float[crop * crop];
        var counts = new Dictionary<(float, float), int>();
        int sameAsBefore = 0;
        (float, float) before = default;
        for (int record = 0; record < records; record++)
        {
            transformer.Transform(pixels, 1, side, side, record, item);
            (float, float) place = (item[0], item[1]);
            counts[place] = counts.GetValueOrDefault(place) + 1;
            if (place == before) sameAsBefore++;
            before = place;
        }

        Assert.Equal(places, counts.Count);
        double chi = counts.Values.Sum(n => Math.Pow(n - (records / (double)places), 2) / (records / (double)places));
        Assert.InRange(chi, 2, 45);
        Assert.InRange(sameAsBefore, 800, 1200);
    }

    [Fact]
    public void Mirrors_at_random_in_test_too_as_Caffe_does()
    {
        var transformer = new DataTransformer(new TransformationParameter { Mirror = true }, Phase.Test, new CounterRandom(7, 9));
        float[] item = new float[2];
        int mirrored = 0;
        for (int record = 0; record < 1000; record++)
        {
            transformer.Transform(new byte[] { 1, 2 }, 1, 1, 2, record, item);
            mirrored += item[0] == 2 ? 1 : 0;
        }

        Assert.InRange(mirrored, 430, 570);
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        Assert.Contains("mean_file and mean_value", Assert.Throws<CortadoException>(() => New(new TransformationParameter { MeanFile = "a", MeanValue = { 1 } })).Message);
        Assert.Contains("force_color and force_gray", Assert.Throws<CortadoException>(() => New(new TransformationParameter { ForceColor = true, ForceGray = true })).Message);

        static DataTransformer New(TransformationParameter parameter) => new(parameter, Phase.Test, new CounterRandom(1, 1));
    }

    private static bool Matches(
        float[] found, float[] values, float[] means, float scale, (int C, int H, int W) size, (int Rows, int Columns) window, int top, int left, bool mirror)
    {
        for (int c = 0; c < size.C; c++)
        {
            for (int y = 0; y < window.Rows; y++)
            {
                for (int x = 0; x < window.Columns; x++)
                {
                    int from = (((c * size.H) + top + y) * size.W) + left + x;
                    int to = (((c * window.Rows) + y) * window.Columns) + (mirror ? window.Columns - 1 - x : x);
                    if (found[to] != (values[from] - means[from]) * scale) return false;
                }
            }
        }

        return true;
    }
}
