using System.Text.Json;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Lmdb;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Batches against those of Caffe's Data and ImageData layers, from databases that Caffe and liblmdb wrote.</summary>
public class GoldenDataTests
{
    private static readonly PathResolver Paths = new(GoldenFolder.PathOf("data/data.json"));

    public static IEnumerable<TheoryDataRow<string>> Cases() =>
        (GoldenFolder.Index("data/data.json")?.GetProperty("cases").EnumerateArray() ?? default)
            .Select(c => new TheoryDataRow<string>(c.GetProperty("name").GetString()!));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Gives_Caffes_batches(string name)
    {
        JsonElement golden = Case(name);
        foreach (int threads in new[] { 1, 3 })
        {
            using IBatchSource source = Open(golden, threads);
            GoldenArray[] arrays = GoldenArray.ReadAll(golden.GetProperty("batches"), "data/data.bin");
            for (int i = 0; i < arrays.Length; i += 2)
            {
                Batch batch = source.Next();
                GoldenArray data = arrays[i], label = arrays[i + 1];
                Assert.Equal(data.Shape, new[] { batch.Size, batch.Channels, batch.Height, batch.Width });
                Assert.Equal(data.Values, batch.Data.AsSpan(0, data.Values.Length).ToArray());
                Assert.Equal(label.Values, batch.Labels);
            }
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Continues_the_same_after_a_seek(string name)
    {
        JsonElement golden = Case(name);
        GoldenArray[] arrays = GoldenArray.ReadAll(golden.GetProperty("batches"), "data/data.bin");
        using IBatchSource source = Open(golden, 2);
        for (int i = arrays.Length - 2; i >= 0; i -= 2)
        {
            source.Seek((long)(i / 2) * source.BatchSize);
            Batch batch = source.Next();
            Assert.Equal((long)(i / 2 + 1) * source.BatchSize, source.Position);
            Assert.Equal((long)(i / 2) * source.BatchSize, batch.FirstRecord);
            Assert.Equal(arrays[i].Values, batch.Data.AsSpan(0, arrays[i].Values.Length).ToArray());
            Assert.Equal(arrays[i + 1].Values, batch.Labels);
        }
    }

    private static JsonElement Case(string name) =>
        GoldenFolder.Index("data/data.json")!.Value.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    private static IBatchSource Open(JsonElement golden, int threads)
    {
        NetParameter net = Prototxt.Parse<NetParameter>(golden.GetProperty("prototxt").GetString()!, "case").Message;
        LayerParameter layer = net.Layer.Single();
        Phase phase = golden.GetProperty("phase").GetString() == "TRAIN" ? Phase.Train : Phase.Test;
        DataTransformer transformer = DataTransformer.Create(layer.TransformParam ?? new TransformationParameter(), phase, new CounterRandom(1, 1), Paths);
        var options = new BatchSourceOptions { Threads = threads };
        return layer.Type == "Data"
            ? DatabaseBatchSource.Open(layer.DataParam, transformer, new LmdbProvider(), Paths, options)
            : new ImageListBatchSource(layer.ImageDataParam, transformer, new PathResolver(GoldenFolder.PathOf("data/data.json")), new CounterRandom(1, 2), options);
    }
}
