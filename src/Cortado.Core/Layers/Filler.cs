using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Fills a learnable blob with its first values, with the distributions of Caffe's fillers. Value i depends on nothing but the
/// random stream and i.
/// </summary>
public static class Filler
{
    // Sparse masks are drawn from blocks that no values are drawn from.
    private const ulong MaskBlocks = 1UL << 40;

    /// <summary>Fills <paramref name="blob"/> as <paramref name="filler"/> says, with numbers drawn from <paramref name="random"/>.</summary>
    /// <exception cref="CortadoException">The filler's type or settings are wrong.</exception>
    public static void Fill(FillerParameter filler, Blob blob, CounterRandom random, string layerName)
    {
        if (filler.Sparse != -1 && filler.Type != "gaussian")
            throw Error(layerName, $"filler \"{filler.Type}\" has sparse: {filler.Sparse}; only \"gaussian\" can be sparse.");
        Span<float> values = blob.WriteData();
        switch (filler.Type)
        {
            case "constant":
                values.Fill(filler.Value);
                break;
            case "uniform":
                if (!(filler.Min <= filler.Max))
                    throw Error(layerName, $"filler \"uniform\" has min: {filler.Min} and max: {filler.Max}; expected min <= max.");
                Uniform(values, filler.Min, filler.Max, random);
                break;
            case "gaussian":
                if (!(filler.Std > 0))
                    throw Error(layerName, $"filler \"gaussian\" has std: {filler.Std}; expected more than 0.");
                Gaussian(values, filler.Mean, filler.Std, random);
                if (filler.Sparse != -1) Sparsify(values, filler.Sparse, blob, random, layerName);
                break;
            case "xavier":
                float range = MathF.Sqrt(3 / Fan(filler, blob, layerName));
                Uniform(values, -range, range, random);
                break;
            case "msra":
                Gaussian(values, 0, MathF.Sqrt(2 / Fan(filler, blob, layerName)), random);
                break;
            case "positive_unitball":
                PositiveUnitBall(values, Rows(blob, filler.Type, layerName), random);
                break;
            case "bilinear":
                Bilinear(values, blob, layerName);
                break;
            default:
                throw Error(layerName, $"unknown filler type \"{filler.Type}\". Known types: bilinear, constant, gaussian, msra, positive_unitball, uniform, xavier.");
        }
    }

    private static void Uniform(Span<float> values, float min, float max, CounterRandom random)
    {
        // In double, or a wide range such as [-3e38, 3e38] would overflow before it is scaled.
        double width = ((double)max - min) / (1 << 24);
        for (int i = 0; i < values.Length; i += 4)
        {
            (uint x, uint y, uint z, uint w) = random.Block((ulong)i >> 2);
            values[i] = (float)(min + width * (x >> 8));
            if (i + 1 < values.Length) values[i + 1] = (float)(min + width * (y >> 8));
            if (i + 2 < values.Length) values[i + 2] = (float)(min + width * (z >> 8));
            if (i + 3 < values.Length) values[i + 3] = (float)(min + width * (w >> 8));
        }
    }

    private static void Gaussian(Span<float> values, double mean, double std, CounterRandom random)
    {
        for (int i = 0; i < values.Length; i += 4)
        {
            (uint x, uint y, uint z, uint w) = random.Block((ulong)i >> 2);
            Pair(values, i, x, y, mean, std);
            Pair(values, i + 2, z, w, mean, std);
        }
    }

    /// <summary>Two normal numbers from two uniform ones (Box and Muller, 1958).</summary>
    private static void Pair(Span<float> values, int index, uint first, uint second, double mean, double std)
    {
        if (index >= values.Length) return;
        const double Unit = 1.0 / 4294967296.0;
        double radius = std * Math.Sqrt(-2 * Math.Log((first + 0.5) * Unit)), angle = 2 * Math.PI * Unit * second;
        values[index] = (float)(mean + radius * Math.Cos(angle));
        if (index + 1 < values.Length) values[index + 1] = (float)(mean + radius * Math.Sin(angle));
    }

    /// <summary>Keeps each weight with probability sparse / outputs, so that an output keeps so many of as many inputs as there are outputs, as in Caffe.</summary>
    private static void Sparsify(Span<float> values, int sparse, Blob blob, CounterRandom random, string layerName)
    {
        int outputs = Rows(blob, "gaussian", layerName);
        if (sparse < 0 || sparse > outputs)
            throw Error(layerName, $"filler \"gaussian\" has sparse: {sparse} for {outputs} outputs; expected -1, or 0 to {outputs}.");
        ulong threshold = (ulong)Math.Round(4294967296.0 * sparse / outputs);
        for (int i = 0; i < values.Length; i += 4)
        {
            (uint x, uint y, uint z, uint w) = random.Block(MaskBlocks + ((ulong)i >> 2));
            if (x >= threshold) values[i] = 0;
            if (i + 1 < values.Length && y >= threshold) values[i + 1] = 0;
            if (i + 2 < values.Length && z >= threshold) values[i + 2] = 0;
            if (i + 3 < values.Length && w >= threshold) values[i + 3] = 0;
        }
    }

    private static void PositiveUnitBall(Span<float> values, int rows, CounterRandom random)
    {
        Uniform(values, 0, 1, random);
        int columns = values.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            Span<float> weights = values.Slice(row * columns, columns);
            double sum = 0;
            foreach (float weight in weights) sum += weight;
            for (int i = 0; i < weights.Length; i++) weights[i] = (float)(weights[i] / sum);
        }
    }

    /// <summary>The kernel of a Deconvolution that enlarges by bilinear interpolation; the same in every channel.</summary>
    private static void Bilinear(Span<float> values, Blob blob, string layerName)
    {
        Shape shape = blob.Shape;
        if (shape.Rank != 4 || shape[2] != shape[3])
            throw Error(layerName, $"filler \"bilinear\" needs a square kernel in 4 axes; the blob's shape is {shape}.");
        int size = shape[3], half = (size + 1) / 2;
        float centre = (float)((size - 1) / (2.0 * half));
        for (int i = 0; i < values.Length; i++)
        {
            float x = i % size, y = i / size % size;
            values[i] = (1 - MathF.Abs(x / half - centre)) * (1 - MathF.Abs(y / half - centre));
        }
    }

    /// <summary>How many weights meet in one value, which xavier and msra scale by.</summary>
    private static float Fan(FillerParameter filler, Blob blob, string layerName)
    {
        float fanIn = (float)blob.Count / Rows(blob, filler.Type, layerName);
        float fanOut = blob.Shape.Rank > 1 ? blob.Count / blob.Shape[1] : blob.Count;
        return filler.VarianceNorm switch
        {
            FillerParameter.Types.VarianceNorm.Average => (fanIn + fanOut) / 2,
            FillerParameter.Types.VarianceNorm.FanOut => fanOut,
            _ => fanIn,
        };
    }

    private static int Rows(Blob blob, string type, string layerName) => blob.Shape.Rank > 0 && blob.Count > 0
        ? blob.Shape[0]
        : throw Error(layerName, $"filler \"{type}\" needs a blob with at least one axis and one value; its shape is {blob.Shape}.");

    private static CortadoException Error(string layerName, FormattableString message) =>
        new($"layer '{layerName}': {FormattableString.Invariant(message)}");
}
