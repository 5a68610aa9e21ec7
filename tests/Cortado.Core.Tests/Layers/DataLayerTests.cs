using Cortado.Backends.Cpu;
using Cortado.Formats;
using Cortado.Layers;
using Cortado.Nets;

namespace Cortado.Tests.Layers;

/// <summary>Layers that bring data: order, wrapping round, cursors, and who is asked for what.</summary>
public class DataLayerTests
{
    private const string Memory = "layer { name: \"m\" type: \"MemoryData\" top: \"data\" top: \"label\" memory_data_param { batch_size: 2 channels: 1 height: 1 width: 3 } }";

    private const string Database = "layer { name: \"d\" type: \"Data\" top: \"data\" top: \"label\" data_param { source: \".\" batch_size: 4 backend: LMDB } transform_param { scale: 0.5 } }";

    [Fact]
    public void MemoryDataGoesRoundInOrder()
    {
        using var net = new SmallNet(Memory, []);
        var layer = (MemoryDataLayer)net.Net.FindLayer("m")!.Layer;
        Assert.Contains("SetArrays", Assert.Throws<CortadoException>(() => net.Forward()).Message, StringComparison.Ordinal);
        layer.SetArrays(Enumerable.Range(0, 12).Select(i => (float)i).ToArray(), new float[] { 7, 8, 9, 10 });
        Assert.Equal([7, 8], net.Forward().Data("label"));
        Assert.Equal([9, 10], net.Forward().Data("label"));
        Assert.Equal([6, 7, 8, 9, 10, 11], net.Data("data"));
        Assert.Equal([7, 8], net.Forward().Data("label"));
        layer.Cursor = 3;
        Assert.Equal([10, 7], net.Forward().Data("label"));
        Assert.Equal([9, 10, 11, 0, 1, 2], net.Data("data"));
    }

    [Theory]
    [InlineData(9, 3, "multiple of batch_size: 2")]
    [InlineData(11, 4, "expected 12")]
    [InlineData(0, 0, "multiple of batch_size: 2")]
    public void MemoryDataRefusesWhatDoesNotFit(int values, int labels, string expected)
    {
        using var net = new SmallNet(Memory, []);
        var layer = (MemoryDataLayer)net.Net.FindLayer("m")!.Layer;
        var error = Assert.Throws<CortadoException>(() => layer.SetArrays(new float[values], new float[labels]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DummyDataFillsConstantsOnceAndTheRestAnew()
    {
        using var net = new SmallNet(
            "layer { name: \"d\" type: \"DummyData\" top: \"a\" top: \"b\" dummy_data_param { num: 2 channels: 3 height: 1 width: 1 data_filler { value: 4 } data_filler { type: 'uniform' } } }", []);
        float[] first = net.Forward().Data("b");
        Layer layer = net.Net.FindLayer("d")!.Layer;
        long cursor = layer.Cursor;
        float[] second = net.Forward().Data("b");
        Assert.NotEqual(first, second);
        Assert.All(net.Data("a"), value => Assert.Equal(4, value));
        layer.Cursor = cursor;
        Assert.Equal(second, net.Forward().Data("b"));
    }

    [Fact]
    public void DataReadsRecordsInOrderNamesThemAndResumes()
    {
        MemoryDatabase records = MemoryDatabase.OfImages(6, 5, i => i % 2);
        using Net net = Open(records, out CpuBackend backend);
        using (backend)
        {
            Layer layer = net.FindLayer("d")!.Layer;
            Assert.Equal("4 3 5 5 (300)", net.Blob("data").Shape.ToString());
            net.Forward();
            float[] first = net.Blob("data").ReadData().ToArray();
            Assert.Equal("00000003", ((IRecordLayer)layer).RecordKey(3));
            net.Forward();
            Assert.Equal(["00000004", "00000005", "00000000", "00000001"], Enumerable.Range(0, 4).Select(((IRecordLayer)layer).RecordKey));
            Assert.Equal(first.Take(150), net.Blob("data").ReadData().Slice(150).ToArray());
            Assert.Equal([0, 1, 0, 1], net.Blob("label").ReadData().ToArray());
            Assert.Equal(8, layer.Cursor);
            layer.Cursor = 0;
            net.Forward();
            Assert.Equal(first, net.Blob("data").ReadData().ToArray());
        }
    }

    [Fact]
    public void DataWithoutADatabaseReaderSaysSo()
    {
        var error = Assert.Throws<CortadoException>(() => new SmallNet(Database, []));
        Assert.Contains("reader for databases", error.Message, StringComparison.Ordinal);
        Assert.Contains("'d'", error.Message, StringComparison.Ordinal);
    }

    private static Net Open(MemoryDatabase records, out CpuBackend backend)
    {
        backend = new CpuBackend(2);
        return Net.Build(NetFile.Parse(Database, "small.prototxt").Message, new NetOptions { Backend = backend, Databases = records });
    }
}
