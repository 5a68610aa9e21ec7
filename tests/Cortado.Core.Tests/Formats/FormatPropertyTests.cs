using Cortado.Formats;
using CsCheck;
using Google.Protobuf;

namespace Cortado.Tests.FileFormats;

public class FormatPropertyTests
{
    [Fact]
    public void Nets_survive_printing_and_reading() => Survives<NetParameter>(200);

    [Fact]
    public void Layers_survive_printing_and_reading() => Survives<LayerParameter>(500);

    [Fact]
    public void Solvers_survive_printing_and_reading() => Survives<SolverParameter>(100);

    [Fact]
    public void Records_survive_printing_and_reading() => Survives<Datum>(1000);

    [Fact]
    public void Every_float_survives_printing_and_reading() =>
        Gen.Int.Sample(
            bits =>
            {
                float value = BitConverter.Int32BitsToSingle(bits);
                string text = Prototxt.Print(new SolverParameter { BaseLr = value });
                return Prototxt.Parse<SolverParameter>(text, "f").Message.BaseLr.Equals(value);
            },
            iter: 20_000);

    [Fact]
    public void Weights_survive_writing_and_reading() =>
        Gen.Select(RandomMessages.Of<LayerParameter>(), Gen.Int[0, 5].Array[0, 4], Gen.Float).Sample(
            (layer, shape, value) =>
            {
                using var folder = new TemporaryFolder();
                layer.Blobs.Clear();
                var net = new NetParameter { Name = "n", Layer = { layer } };
                var array = new WeightArray(shape, new float[shape.Aggregate(1, (a, b) => a * b)]);
                float[] data = [.. Enumerable.Repeat(value, array.Count)];
                WeightFile.Write(folder["m"], net, _ => [new WeightArray(shape, data), new WeightArray(shape, data)]);
                var proto = new BlobProto { Data = { data } };
                if (shape.Length > 0)
                {
                    proto.Shape = new BlobShape { Dim = { shape.Select(d => (long)d) } };
                }

                layer.Blobs.Add(proto);
                layer.Blobs.Add(proto);
                Assert.Equal(net.ToByteArray(), File.ReadAllBytes(folder["m"]));
                using WeightFile read = WeightFile.Open(folder["m"]);
                Assert.Equal(shape, read.Layers[0].Blobs[1].Shape);
                Assert.Equal(data, read.Layers[0].Blobs[1].ToArray());
            },
            iter: 200);

    private static void Survives<T>(int iterations)
        where T : IMessage<T>, new() =>
        RandomMessages.Of<T>().Sample(
            message =>
            {
                string text = Prototxt.Print(message);
                T read = Prototxt.Parse<T>(text, "f").Message;
                Assert.Equal(message, read);
                Assert.Equal(text, Prototxt.Print(read));
            },
            iter: iterations);
}
