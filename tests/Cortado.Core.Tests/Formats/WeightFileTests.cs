using System.Runtime.InteropServices;
using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Tests.FileFormats;

public class WeightFileTests
{
    public static bool HasLegacy => Directory.Exists(GoldenFiles.PathOf("legacy"));

    public static IEnumerable<TheoryDataRow<string>> Models(string what) => GoldenFiles.All(".caffemodel", what);

    public static IEnumerable<TheoryDataRow<string>> States() => GoldenFiles.All(".solverstate", "rewritten");

    public static IEnumerable<TheoryDataRow<string>> Arrays() => GoldenFiles.All(".binaryproto", "rewritten");

    public static IEnumerable<TheoryDataRow<string>> Hdf5() => GoldenFiles.All(".h5", "refused");

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Models), "values")]
    public void Values_are_those_that_protobuf_reads(string file)
    {
        NetParameter net = NetParameter.Parser.ParseFrom(File.ReadAllBytes(GoldenFiles.PathOf(file)));
        NetUpgrade.Apply(net);
        using WeightFile weights = WeightFile.Open(GoldenFiles.PathOf(file));
        Assert.Equal(net.Name, weights.NetName);
        Assert.Equal(net.Layer.Select(l => (l.Name, l.Type)), weights.Layers.Select(l => (l.Name, l.Type)));
        for (int i = 0; i < net.Layer.Count; i++)
        {
            Assert.Equal(net.Layer[i].Blobs.Count, weights.Layers[i].Blobs.Count);
            for (int j = 0; j < net.Layer[i].Blobs.Count; j++)
            {
                Assert.Equal(net.Layer[i].Blobs[j].Data, weights.Layers[i].Blobs[j].ToArray());
            }

            net.Layer[i].Blobs.Clear();
        }

        Assert.Equal(net, weights.ReadNet());
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Models), "rewritten")]
    public void A_model_of_Caffe_rewrites_to_the_same_bytes(string file)
    {
        using var folder = new TemporaryFolder();
        using WeightFile weights = WeightFile.Open(GoldenFiles.PathOf(file));
        WeightFile.Write(folder["copy"], weights.ReadNet(), i => [.. weights.Layers[i].Blobs.Select(b => new WeightArray(b.Shape, b.ToArray()))]);
        if (weights.Layers.SelectMany(l => l.Blobs).Any(b => b.IsLegacyShape))
        {
            // An old file comes out in the current form: the bytes differ, the values do not.
            using WeightFile copy = WeightFile.Open(folder["copy"]);
            Assert.Equal(
                weights.Layers.SelectMany(l => l.Blobs).SelectMany(b => b.ToArray()),
                copy.Layers.SelectMany(l => l.Blobs).SelectMany(b => b.ToArray()));
            return;
        }

        Assert.Equal(File.ReadAllBytes(GoldenFiles.PathOf(file)), File.ReadAllBytes(folder["copy"]));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(States))]
    public void A_solver_state_of_Caffe_rewrites_to_the_same_bytes(string file)
    {
        using var folder = new TemporaryFolder();
        string path = GoldenFiles.PathOf(file);
        SolverState expected = SolverState.Parser.ParseFrom(File.ReadAllBytes(path));
        using SolverStateFile state = SolverStateFile.Open(path);
        Assert.Equal((expected.Iter, expected.LearnedNet, expected.CurrentStep), (state.Iteration, state.LearnedNet, state.CurrentStep));
        Assert.Equal(expected.History.SelectMany(h => h.Data), state.History.SelectMany(h => h.ToArray()));
        Assert.Equal(
            expected.History.Select(h => string.Join(',', h.Shape.Dim)),
            state.History.Select(h => string.Join(',', h.Shape)));
        SolverStateFile.Write(
            folder["copy"],
            state.Iteration,
            state.LearnedNet,
            state.CurrentStep,
            [.. state.History.Select(h => new WeightArray(h.Shape, h.ToArray()))]);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder["copy"]));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Arrays))]
    public void A_mean_of_Caffe_rewrites_to_the_same_bytes(string file)
    {
        using var folder = new TemporaryFolder();
        string path = GoldenFiles.PathOf(file);
        BlobProto expected = BlobProto.Parser.ParseFrom(File.ReadAllBytes(path));
        BinaryProtoFile mean = BinaryProtoFile.Load(path);
        Assert.Equal([expected.Num, expected.Channels, expected.Height, expected.Width], mean.Shape);
        Assert.Equal(expected.Data, mean.Data);
        BinaryProtoFile.Write(folder["copy"], new WeightArray(mean.Shape, mean.Data));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder["copy"]));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Hdf5))]
    public void HDF5_files_say_what_to_do(string file)
    {
        string path = GoldenFiles.PathOf(file);
        foreach (Action open in new Action[]
        {
            () => WeightFile.Open(path), () => SolverStateFile.Open(path), () => BinaryProtoFile.Load(path),
        })
        {
            string message = Assert.Throws<CortadoException>(open).Message;
            Assert.Contains("HDF5", message, StringComparison.Ordinal);
            Assert.Contains("BINARYPROTO", message, StringComparison.Ordinal);
        }
    }

    [Fact(SkipUnless = nameof(HasLegacy), Skip = "this golden folder has no legacy files")]
    public void Old_shapes_fit_new_arrays_as_in_Caffe()
    {
        using WeightFile old = WeightFile.Open(GoldenFiles.PathOf("legacy", "v1.caffemodel"));
        using WeightFile resaved = WeightFile.Open(GoldenFiles.PathOf("legacy", "v1_resaved_by_caffe.caffemodel"));
        foreach (WeightLayer layer in resaved.Layers.Where(l => l.Blobs.Count > 0))
        {
            WeightLayer before = old.Layers.Single(l => l.Name == layer.Name);
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                int[] shape = [.. layer.Blobs[i].Shape];
                Assert.True(before.Blobs[i].IsLegacyShape);
                Assert.Equal(4, before.Blobs[i].Shape.Count);
                Assert.True(before.Blobs[i].ShapeEquals(shape));
                Assert.Equal(layer.Blobs[i].ToArray(), before.Blobs[i].ToArray());
                shape[0]++;
                Assert.False(before.Blobs[i].ShapeEquals(shape));
                Assert.False(layer.Blobs[i].ShapeEquals(shape));
            }
        }
    }

    [Fact]
    public void Every_way_to_store_values_reads_alike()
    {
        float[] values = [1.5f, -2f, 3.25f, float.NaN, 0f, 6f];
        byte[] raw = MemoryMarshal.AsBytes<float>(values).ToArray();
        byte[] packed = Field(5, raw);
        byte[] chunks = [.. Field(5, raw[..8]), .. Field(5, []), .. Field(5, raw[8..])];
        byte[] single = [.. Enumerable.Range(0, 6).SelectMany(i => (byte[])[(5 << 3) | 5, .. raw[(4 * i)..(4 * i + 4)]])];
        byte[] doubles = Field(8, MemoryMarshal.AsBytes<double>(values.Select(v => (double)v).ToArray()).ToArray());
        byte[] shape = Field(7, Field(1, [2, 3]));
        byte[] looseShape = [.. Field(7, [8, 2]), .. Field(7, [8, 3])];
        foreach (byte[] data in new[] { packed, chunks, single, doubles })
        {
            foreach (byte[] dims in new[] { shape, looseShape })
            {
                using WeightFile file = WeightFile.Open(new MemoryStream(Layer([.. data, .. dims])), "m");
                WeightBlob blob = file.Layers[0].Blobs[0];
                Assert.Equal([2, 3], blob.Shape);
                Assert.Equal(values, blob.ToArray());
            }
        }
    }

    [Fact]
    public void V0_weights_are_found()
    {
        var net = new NetParameter
        {
            Layers =
            {
                new V1LayerParameter { Layer = new V0LayerParameter { Name = "p", Type = "padding" } },
                new V1LayerParameter
                {
                    Layer = new V0LayerParameter
                    {
                        Name = "c", Type = "conv", Blobs = { new BlobProto { Num = 1, Channels = 1, Height = 1, Width = 2, Data = { 3, 4 } } },
                    },
                },
            },
        };
        using WeightFile file = WeightFile.Open(new MemoryStream(net.ToByteArray()), "m");
        WeightLayer layer = Assert.Single(file.Layers);
        Assert.Equal(("c", "Convolution"), (layer.Name, layer.Type));
        Assert.Equal([3f, 4f], layer.Blobs[0].ToArray());
        Assert.Equal("c", Assert.Single(file.ReadNet().Layer).Name);
    }

    [Fact]
    public void Gradients_and_scalars_are_written_where_Caffe_writes_them()
    {
        using var folder = new TemporaryFolder();
        var net = new NetParameter { Name = "n", Layer = { new LayerParameter { Name = "l", Type = "T", Phase = Phase.Test } } };
        float[] data = [7];
        float[] diff = [8];
        WeightFile.Write(folder["m"], net, _ => [new WeightArray([], () => data, () => diff), new WeightArray([0], () => default)]);
        net.Layer[0].Blobs.Add(new BlobProto { Data = { 7 }, Diff = { 8 } });
        net.Layer[0].Blobs.Add(new BlobProto { Shape = new BlobShape { Dim = { 0 } } });
        Assert.Equal(net.ToByteArray(), File.ReadAllBytes(folder["m"]));
        using WeightFile file = WeightFile.Open(folder["m"]);
        Assert.Equal(1, file.Layers[0].Blobs[0].Count);
        Assert.Empty(file.Layers[0].Blobs[0].Shape);
        Assert.Empty(file.Layers[0].Blobs[1].ToArray());
    }

    [Fact]
    public void A_shape_that_the_values_do_not_fill_is_said()
    {
        byte[] bytes = Layer([.. Field(5, new byte[8]), .. Field(7, Field(1, [0x80, 0x80, 0x80, 0x80, 0x04]))]);
        using WeightFile file = WeightFile.Open(new MemoryStream(bytes), "model");
        string message = Assert.Throws<CortadoException>(() => file.Layers[0].Blobs[0].ToArray()).Message;
        Assert.Equal("model: blob 0 of layer \"l\" has the shape (1073741824), so 1073741824 values, and the file holds 2.", message);
    }

    [Fact]
    public void Files_over_two_GiB_are_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        using (var large = new FileStream(folder["large.caffemodel"], FileMode.CreateNew))
        {
            large.SetLength((1L << 31) + 1);
        }

        Assert.Contains("2 GiB", Assert.Throws<CortadoException>(() => WeightFile.Open(folder["large.caffemodel"])).Message, StringComparison.Ordinal);

        var net = new NetParameter { Layer = { new LayerParameter { Name = "l" } } };
        File.WriteAllText(folder["old"], "old");
        var huge = new WeightArray([1 << 29], () => throw new InvalidOperationException("the size alone is enough"));
        Assert.Contains("2 GiB", Assert.Throws<CortadoException>(() => WeightFile.Write(folder["old"], net, _ => [huge])).Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["old"]));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("name: \"CaffeNet\"\nlayer {", "it may be a prototxt.")]
    [InlineData("PK\u0003\u0004\u0014", "archive")]
    public void Other_files_are_recognised(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.caffemodel"], content);
        string message = Assert.Throws<CortadoException>(() => WeightFile.Open(folder["x.caffemodel"])).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("x.caffemodel", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_models_load_with_one_copy()
    {
        // 64 MiB of weights: reading them must allocate little beside the destination.
        using var folder = new TemporaryFolder();
        float[] values = new float[16 << 20];
        values[^1] = 5;
        var net = new NetParameter { Layer = { new LayerParameter { Name = "l" } } };
        WeightFile.Write(folder["m"], net, _ => [new WeightArray([values.Length], values)]);
        values[^1] = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (WeightFile file = WeightFile.Open(folder["m"]))
        {
            file.Layers[0].Blobs[0].CopyTo(values);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 10);
        Assert.Equal(5, values[^1]);
    }

    private static byte[] Layer(byte[] blob) => Field(100, [.. Field(1, "l"u8.ToArray()), .. Field(7, blob)]);

    private static byte[] Field(int number, byte[] value)
    {
        using var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
        output.Flush();
        return stream.ToArray();
    }
}
