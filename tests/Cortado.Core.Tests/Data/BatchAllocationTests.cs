using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;
using Google.Protobuf;

namespace Cortado.Tests.Data;

/// <summary>Tests that measure the whole process and so run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class DataAlone
{
    public const string Name = "data, alone";
}

[Collection(DataAlone.Name)]
public class BatchAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_allocated_once_it_runs(bool floats)
    {
        var datum = new Datum { Channels = 3, Height = 20, Width = 20, Label = 1 };
        if (floats) datum.FloatData.Add(Enumerable.Range(0, 1200).Select(i => (float)i));
        else datum.Data = ByteString.CopyFrom(new byte[1200]);
        byte[] value = datum.ToByteArray();
        var database = new MemoryDatabase(Enumerable.Range(0, 50).Select(i => ("key" + i, value)));
        var transformer = new DataTransformer(new TransformationParameter { CropSize = 16, Mirror = true }, Phase.Train, new CounterRandom(1, 1));
        using var source = new DatabaseBatchSource(database, transformer, 16, new BatchSourceOptions { Threads = 2, Batches = 3 });
        for (int i = 0; i < 100; i++) source.Next();
        // The runtime allocates now and then for itself; what the source allocates shows in every round, at 24 bytes a batch or more.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 500; i++) source.Next();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.InRange(least, 0, 10_000);
    }
}
