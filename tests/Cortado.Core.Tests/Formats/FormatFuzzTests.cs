using System.Text;
using Cortado.Formats;

namespace Cortado.Tests.FileFormats;

/// <summary>Damages Caffe's own files in seeded ways: each must read or give a clear error, and never cost more memory than it is worth.</summary>
public class FormatFuzzTests
{
    private const int Rounds = 300;

    private static readonly string[] Splinters =
    [
        "{", "}", "<", ">", "[", "]", ":", ",", ";", "\"", "'", "\\", "#", "-", ".", "\n", "\0", "\uFFFF", "\uD800", "0x", "1e", "1e999", "nan", "inf",
        "99999999999999999999", "layers { layer { type: \"padding\" } bottom: \"data\" top: \"data\" }", "layer {", "input: \"x\"", "input_dim: 3",
        "type: CONVOLUTION", "\"\\777\"", "\\u12", "clip_param { }", "layers { type: 35 blobs_lr: 1 }", "_", "name: \"\\xff\"",
    ];

    public static IEnumerable<TheoryDataRow<string>> Texts() => GoldenFiles.All(".prototxt", "broken");

    public static IEnumerable<TheoryDataRow<string>> Models() => GoldenFiles.All(".caffemodel", "broken").Where(Small);

    public static IEnumerable<TheoryDataRow<string>> States() => GoldenFiles.All(".solverstate", "broken").Where(Small);

    public static IEnumerable<TheoryDataRow<string>> Arrays() => GoldenFiles.All(".binaryproto", "broken").Where(Small);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Texts))]
    public void Broken_prototxt(string file)
    {
        string text = File.ReadAllText(GoldenFiles.PathOf(file));
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            string broken = Break(text, random);
            Try(broken.Length, () =>
            {
                if (file.Contains("solver", StringComparison.Ordinal))
                {
                    Prototxt.Print(SolverFile.Parse(broken, file).Message);
                }
                else
                {
                    Prototxt.Print(NetFile.Parse(broken, file).Message);
                }
            });
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Models))]
    public void Broken_models(string file) => BreakBytes(file, 1, bytes =>
    {
        using WeightFile weights = WeightFile.Open(new MemoryStream(bytes), file);
        foreach (WeightBlob blob in weights.Layers.SelectMany(l => l.Blobs))
        {
            Try(bytes.Length, () => blob.ToArray());
        }

        weights.ReadNet();
    });

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(States))]
    public void Broken_solver_states(string file) => BreakBytes(file, 2, bytes =>
    {
        using SolverStateFile state = SolverStateFile.Open(new MemoryStream(bytes), file);
        foreach (WeightBlob blob in state.History)
        {
            Try(bytes.Length, () => blob.ToArray());
        }
    });

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Arrays))]
    public void Broken_means(string file) => BreakBytes(file, 3, bytes => BinaryProtoFile.Load(new MemoryStream(bytes), file));

    [Fact]
    public void Random_bytes()
    {
        var random = new Random(4);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            Try(bytes.Length, () => WeightFile.Open(new MemoryStream(bytes), "random").ReadNet());
            Try(bytes.Length, () => SolverStateFile.Open(new MemoryStream(bytes), "random"));
            Try(bytes.Length, () => BinaryProtoFile.Load(new MemoryStream(bytes), "random"));
            Try(bytes.Length, () => NetFile.Parse(Encoding.Latin1.GetString(bytes), "random"));
        }
    }

    [Fact]
    public void Every_truncation_of_a_model_is_noticed_or_harmless()
    {
        TheoryDataRow<string>? model = Models().FirstOrDefault();
        Assert.SkipWhen(model is null, "this golden folder has no small model");
        byte[] whole = File.ReadAllBytes(GoldenFiles.PathOf(model.Data));
        int layers = WeightFile.Open(new MemoryStream(whole), "whole").Layers.Count;
        int accepted = 0;
        for (int length = 1; length < whole.Length; length++)
        {
            Try(length, () =>
            {
                using WeightFile part = WeightFile.Open(new MemoryStream(whole, 0, length), "part");
                accepted++;
                Assert.True(part.Layers.Count < layers);
            });
        }

        // A message cut between two layers is a shorter message; all other cuts are errors.
        Assert.True(accepted < layers, $"{accepted} of {whole.Length} cuts were accepted");
    }

    [Fact]
    public void Millions_of_empty_layers_do_not_exhaust_memory()
    {
        byte[] bytes = new byte[9_000_000];
        for (int i = 0; i < bytes.Length; i += 3)
        {
            (bytes[i], bytes[i + 1]) = (0xA2, 0x06);
        }

        string message = Assert.Throws<CortadoException>(() => WeightFile.Open(new MemoryStream(bytes), "many")).Message;
        Assert.Contains("more than 1000000 layers", message, StringComparison.Ordinal);
    }

    private static bool Small(TheoryDataRow<string> file) => new FileInfo(GoldenFiles.PathOf(file.Data)).Length < 100_000;

    private static void BreakBytes(string file, int seed, Action<byte[]> read)
    {
        byte[] bytes = File.ReadAllBytes(GoldenFiles.PathOf(file));
        var random = new Random(seed);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] broken = Break(bytes, random);
            Try(broken.Length, () => read(broken));
        }
    }

    /// <summary>Runs what may fail with a clear error only, within a memory budget in proportion to its input.</summary>
    private static void Try(int size, Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            action();
        }
        catch (CortadoException e)
        {
            Assert.True(e.Message.Length is > 10 and < 2000, e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (500L * size) + 1_000_000);
    }

    private static string Break(string text, Random random)
    {
        var broken = new StringBuilder(text);
        for (int i = random.Next(1, 4); i > 0 && broken.Length > 0; i--)
        {
            int at = random.Next(broken.Length);
            int length = Math.Min(random.Next(1, 30), broken.Length - at);
            switch (random.Next(6))
            {
                case 0:
                    broken.Remove(at, length);
                    break;
                case 1:
                    broken.Insert(at, Splinters[random.Next(Splinters.Length)]);
                    break;
                case 2:
                    broken.Insert(random.Next(broken.Length), broken.ToString(at, length));
                    break;
                case 3:
                    broken[at] = (char)random.Next(1, 128);
                    break;
                case 4:
                    broken.Length = at;
                    break;
                default:
                    broken.Remove(at, length).Insert(at, Splinters[random.Next(Splinters.Length)]);
                    break;
            }
        }

        return broken.ToString();
    }

    private static byte[] Break(byte[] bytes, Random random)
    {
        List<byte> broken = [.. bytes];
        for (int i = random.Next(1, 4); i > 0 && broken.Count > 1; i--)
        {
            // Most damage goes near the start, where the structure is dense.
            int at = random.Next(random.Next(2) == 0 ? Math.Min(100, broken.Count) : broken.Count);
            int length = Math.Min(random.Next(1, 20), broken.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    broken[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    broken[at] = (byte)random.Next(256);
                    break;
                case 2:
                    broken.RemoveRange(at, length);
                    break;
                case 3:
                    broken.InsertRange(at, broken.GetRange(random.Next(broken.Count - length + 1), length));
                    break;
                case 4:
                    broken.RemoveRange(at, broken.Count - at);
                    break;
                default:
                    broken.InsertRange(at, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
                    break;
            }
        }

        return [.. broken];
    }
}
