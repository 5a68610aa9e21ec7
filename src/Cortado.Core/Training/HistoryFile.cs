using System.Text;

namespace Cortado.Training;

/// <summary>The curves of a training as a file: little-endian numbers behind a mark, in the order that <see cref="Write"/> shows.</summary>
internal static class HistoryFile
{
    private const uint Mark = 0x31484354; // "TCH1"

    public static void Write(Stream stream, int first, float[] losses, IReadOnlyList<RatePoint> rates, IReadOnlyList<TestPoint> tests)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Mark);
        writer.Write(first);
        writer.Write(losses.Length);
        foreach (float loss in losses) writer.Write(loss);
        writer.Write(rates.Count);
        foreach (RatePoint rate in rates)
        {
            writer.Write(rate.Iteration);
            writer.Write(rate.Rate);
        }
        writer.Write(tests.Count);
        foreach (TestPoint test in tests)
        {
            writer.Write(test.Iteration);
            writer.Write(test.Net);
            writer.Write(test.Output);
            writer.Write(test.Value);
        }
    }

    public static (int First, float[] Losses, RatePoint[] Rates, TestPoint[] Tests) Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (reader.ReadUInt32() != Mark) throw new CortadoException($"{path} holds no curves of a training.");
            int first = reader.ReadInt32();
            var losses = new float[Count(reader, sizeof(float))];
            for (int i = 0; i < losses.Length; i++) losses[i] = reader.ReadSingle();
            var rates = new RatePoint[Count(reader, sizeof(int) + sizeof(float))];
            for (int i = 0; i < rates.Length; i++) rates[i] = new RatePoint(reader.ReadInt32(), reader.ReadSingle());
            if (losses.Length > 0 && rates.Length == 0) throw new CortadoException($"{path}: the curves have losses and no learning rate.");
            var tests = new TestPoint[Count(reader, 2 * sizeof(int) + 1 + sizeof(float))];
            for (int i = 0; i < tests.Length; i++) tests[i] = new TestPoint(reader.ReadInt32(), reader.ReadInt32(), reader.ReadString(), reader.ReadSingle());
            return (first, losses, rates, tests);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{path}: the curves cannot be read: {error.Message}", error);
        }
    }

    // A count that the rest of the file cannot hold is damage, not a reason to ask for gigabytes.
    private static int Count(BinaryReader reader, int size)
    {
        int count = reader.ReadInt32();
        if (count < 0 || (long)count * size > reader.BaseStream.Length - reader.BaseStream.Position) throw new EndOfStreamException("the file is damaged");
        return count;
    }
}
