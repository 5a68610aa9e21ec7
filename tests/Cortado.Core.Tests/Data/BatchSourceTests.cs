using System.Globalization;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;
using Google.Protobuf;

namespace Cortado.Tests.Data;

public class BatchSourceTests
{
    private const int Channels = 3, Height = 12, Width = 10;

    private static readonly TransformationParameter RandomCrops = new() { CropSize = 7, Mirror = true, Scale = 0.5f, MeanValue = { 1, 2, 3 } };

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    [InlineData(7, 5)]
    public void Threads_do_not_change_the_batches(int threads, int batches)
    {
        using IBatchSource one = Source(1, 2), many = Source(threads, batches);
        for (int i = 0; i < 30; i++) AssertSame(one.Next(), many.Next());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(37)]
    [InlineData(1000)]
    public void Seek_continues_as_if_it_had_gone_there(int position)
    {
        using IBatchSource straight = Source(1, 2, batchSize: 1), jumping = Source(3, 3);
        for (int i = 0; i < 3; i++) jumping.Next();
        jumping.Seek(position);
        Assert.Equal(position, jumping.Position);
        for (int i = 0; i < position; i++) straight.Next();
        for (int round = 0; round < 3; round++)
        {
            Batch batch = jumping.Next();
            Assert.Equal(position + 8L * round, batch.FirstRecord);
            Assert.Equal(position + (8L * (round + 1)), jumping.Position);
            for (int item = 0; item < 8; item++)
            {
                Batch single = straight.Next();
                Assert.Equal(single.KeyOf(0), batch.KeyOf(item));
                Assert.Equal(single.Labels[0], batch.Labels[item]);
                Assert.Equal(single.Data.AsSpan(0, single.ItemLength), batch.Data.AsSpan(item * batch.ItemLength, batch.ItemLength));
            }
        }
    }

    [Fact]
    public void Seeking_again_and_again_loses_nothing()
    {
        using IBatchSource straight = Source(1, 2), jumping = Source(4, 4);
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            long position = random.Next(0, 500);
            jumping.Seek(position);
            if (random.Next(3) == 0) continue;
            straight.Seek(position);
            AssertSame(straight.Next(), jumping.Next());
        }
    }

    [Fact]
    public void The_end_wraps_to_the_beginning_even_many_times_in_a_batch()
    {
        using IBatchSource source = Source(3, 2, records: 3, batchSize: 10);
        Assert.Equal(new float[] { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0 }, source.Next().Labels);
        Assert.Equal(new float[] { 1, 2, 0, 1, 2, 0, 1, 2, 0, 1 }, source.Next().Labels);
        Assert.Equal(20, source.Position);
    }

    [Fact]
    public void A_batch_says_where_its_items_come_from()
    {
        using IBatchSource source = Source(2, 2);
        source.Next();
        Batch batch = source.Next();
        Assert.Equal(8, batch.FirstRecord);
        Assert.Equal("00000008_äö", batch.KeyOf(0));
        Assert.Equal("00000015_äö", batch.KeyOf(7));
    }

    [Fact]
    public void A_batch_stays_as_it_is_until_the_next_one_is_asked_for()
    {
        using IBatchSource source = Source(4, 2);
        for (int i = 0; i < 20; i++)
        {
            Batch batch = source.Next();
            float[] before = (float[])batch.Data.Clone();
            Thread.Sleep(1);
            Assert.Equal(before, batch.Data);
        }
    }

    [Fact]
    public void A_bad_record_is_an_error_of_its_batch_with_its_key()
    {
        var records = Enumerable.Range(0, 40).Select(i => (Key(i), i == 19 ? new byte[] { 0x22, 0xFF } : Value(i, Height, Width)));
        using var source = new DatabaseBatchSource(new MemoryDatabase(records), Transformer(RandomCrops), 8, new BatchSourceOptions { Threads = 3 });
        source.Next();
        source.Next();
        string message = Assert.Throws<CortadoException>(source.Next).Message;
        Assert.Contains("memory, record '00000019_äö'", message);
        Assert.Contains("cut short", message);
        Assert.Equal(message, Assert.Throws<CortadoException>(source.Next).Message);
        Assert.Equal(16, source.Position);
        source.Seek(24);
        Assert.Equal(24, source.Next().FirstRecord);
    }

    [Fact]
    public void Of_two_bad_records_the_first_is_reported()
    {
        var records = Enumerable.Range(0, 40).Select(i => (Key(i), i is 9 or 14 ? new byte[] { 0x22, 0xFF } : Value(i, Height, Width))).ToArray();
        for (int i = 0; i < 20; i++)
        {
            using var source = new DatabaseBatchSource(new MemoryDatabase(records), Transformer(RandomCrops), 16, new BatchSourceOptions { Threads = 8 });
            Assert.Contains("00000009", Assert.Throws<CortadoException>(source.Next).Message);
        }
    }

    [Fact]
    public void Records_of_other_sizes_need_a_crop_or_a_batch_of_one()
    {
        var records = Enumerable.Range(0, 4).Select(i => (Key(i), Value(i, Height + i, Width))).ToArray();
        using (var source = new DatabaseBatchSource(new MemoryDatabase(records), Transformer(new TransformationParameter()), 2))
        {
            string message = Assert.Throws<CortadoException>(source.Next).Message;
            Assert.Contains("it is 3 x 13 x 10 (channels, height, width) but the first record is 3 x 12 x 10", message);
        }

        using (var source = new DatabaseBatchSource(new MemoryDatabase(records), Transformer(RandomCrops), 2)) Assert.Equal(7, source.Next().Height);
        using (var source = new DatabaseBatchSource(new MemoryDatabase(records), Transformer(new TransformationParameter()), 1))
        {
            for (int i = 0; i < 9; i++)
            {
                Batch batch = source.Next();
                Assert.Equal((Height + (i % 4), Width), (batch.Height, batch.Width));
                Datum datum = Datum.Parser.ParseFrom(records[i % 4].Item2);
                Assert.Equal(datum.Data.Select(b => (float)b), batch.Data.Take(batch.ItemLength));
            }
        }
    }

    [Fact]
    public void What_cannot_be_read_at_all_is_said_at_once()
    {
        Assert.Contains("empty", Assert.Throws<CortadoException>(() => Open([])).Message);
        Assert.Contains("'a': it has 12 x 10 pixels (height, width), smaller than the crop_size of 11", Assert.Throws<CortadoException>(() =>
            Open([("a", Value(0, Height, Width))], new TransformationParameter { CropSize = 11 })).Message);
        Assert.Contains("which is 360, but it has 359 bytes", Assert.Throws<CortadoException>(() =>
            Open([("a", new Datum { Channels = 3, Height = 12, Width = 10, Data = ByteString.CopyFrom(new byte[359]) }.ToByteArray())])).Message);
        Assert.Contains("3 channels but transform_param has 2 mean_value", Assert.Throws<CortadoException>(() =>
            Open([("a", Value(0, Height, Width))], new TransformationParameter { MeanValue = { 1, 2 } })).Message);
        var mean = new MeanImage(new float[3 * 12 * 9], 3, 12, 9, "mean.binaryproto");
        Assert.Contains("the mean in mean.binaryproto is 3 x 12 x 9", Assert.Throws<CortadoException>(() =>
            Open([("a", Value(0, Height, Width))], new TransformationParameter(), mean)).Message);
        Assert.Contains("encoded", Assert.Throws<CortadoException>(() =>
            Open([("encoded", new Datum { Encoded = true, Data = ByteString.CopyFromUtf8("no image") }.ToByteArray())])).Message);

        static void Open(IEnumerable<(string, byte[])> records, TransformationParameter? parameter = null, MeanImage? mean = null) =>
            new DatabaseBatchSource(new MemoryDatabase(records), Transformer(parameter ?? new TransformationParameter(), mean), 4).Dispose();
    }

    [Fact]
    public void Dispose_works_in_every_state_and_closes_everything()
    {
        for (int state = 0; state < 5; state++)
        {
            var database = Records(50);
            var source = new DatabaseBatchSource(database, Transformer(RandomCrops), 8, new BatchSourceOptions { Threads = 3, Batches = 2 });
            if (state >= 1) source.Next();
            if (state >= 2) source.Next();
            if (state >= 3) source.Seek(17);
            if (state >= 4) source.Next();
            source.Dispose();
            source.Dispose();
            Assert.True(database.IsDisposed);
            Assert.Equal(0, database.OpenCursors);
            Assert.Throws<ObjectDisposedException>(source.Next);
            Assert.Throws<ObjectDisposedException>(() => source.Seek(0));
        }
    }

    [Fact]
    public void A_German_machine_writes_the_same_errors()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // The test runs without culture data, so a culture like the German one is made up, with a sign that nobody can miss.
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            german.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = german;
            using var source = new DatabaseBatchSource(Records(3), Transformer(new TransformationParameter { Scale = 0.5f }), 2);
            Assert.Equal(2, source.Next().Size);
            Assert.Contains("A batch_size of -1 was", Assert.Throws<CortadoException>(() => new DatabaseBatchSource(Records(3), Transformer(RandomCrops), -1)).Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static DatabaseBatchSource Source(int threads, int batches, int records = 37, int batchSize = 8) =>
        new(Records(records), Transformer(RandomCrops), batchSize, new BatchSourceOptions { Threads = threads, Batches = batches });

    private static MemoryDatabase Records(int count) => new(Enumerable.Range(0, count).Select(i => (Key(i), Value(i, Height, Width))));

    private static string Key(int i) => i.ToString("D8", CultureInfo.InvariantCulture) + "_äö";

    private static byte[] Value(int i, int height, int width)
    {
        byte[] pixels = new byte[Channels * height * width];
        new Random(i).NextBytes(pixels);
        return new Datum { Channels = Channels, Height = height, Width = width, Label = i, Data = ByteString.CopyFrom(pixels) }.ToByteArray();
    }

    private static DataTransformer Transformer(TransformationParameter parameter, MeanImage? mean = null) =>
        new(parameter, Phase.Train, CounterRandom.Named(3, "test"), mean);

    private static void AssertSame(Batch expected, Batch found)
    {
        Assert.Equal(expected.FirstRecord, found.FirstRecord);
        Assert.Equal(expected.Labels, found.Labels);
        Assert.Equal(expected.Data, found.Data);
        for (int i = 0; i < expected.Size; i++) Assert.Equal(expected.KeyOf(i), found.KeyOf(i));
    }
}
