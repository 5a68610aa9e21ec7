using Cortado.Lmdb;
using CsCheck;

namespace Cortado.Tests;

public class LmdbWriterTests
{
    private static readonly Gen<(byte[], byte[])[]> AnyRecords =
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Frequency((8, Gen.Byte.Array[0, 200]), (2, Gen.Byte.Array[1500, 2600]), (1, Gen.Byte.Array[4000, 30000]))).Array[0, 120];

    [Fact]
    public void Any_records_in_any_order_come_back()
    {
        using var folder = new TempFolder();
        AnyRecords.Sample(
            records =>
            {
                string path = folder[Guid.NewGuid().ToString("N") + ".mdb"];
                using (LmdbWriter writer = LmdbWriter.Create(path)) Records.Write(writer, records.Select(r => KeyValuePair.Create(r.Item1, r.Item2)));
                Records.AssertHolds(path, Last(records));
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public void Any_appended_records_come_back_and_old_readers_see_the_old_state()
    {
        using var folder = new TempFolder();
        Gen.Select(AnyRecords, AnyRecords, AnyRecords).Sample(
            (first, second, third) =>
            {
                string path = folder[Guid.NewGuid().ToString("N") + ".mdb"];
                using (LmdbWriter writer = LmdbWriter.Create(path)) Records.Write(writer, first.Select(r => KeyValuePair.Create(r.Item1, r.Item2)));
                using LmdbDatabase old = LmdbDatabase.Open(path);
                using (LmdbWriter writer = LmdbWriter.Append(path))
                {
                    Records.Write(writer, second.Select(r => KeyValuePair.Create(r.Item1, r.Item2)));
                    Records.Write(writer, third.Select(r => KeyValuePair.Create(r.Item1, r.Item2)));
                }

                Records.AssertHolds(path, Last(first.Concat(second).Concat(third)));
                using LmdbCursor cursor = old.OpenCursor();
                foreach ((byte[] key, byte[] value) in Last(first))
                {
                    Assert.True(cursor.MoveNext());
                    Assert.True(cursor.Key.SequenceEqual(key) && cursor.Value.SequenceEqual(value));
                }

                Assert.False(cursor.MoveNext());
            },
            iter: 100,
            threads: 1);
    }

    [Theory]
    [InlineData(0, 4096, true)]
    [InlineData(1, 4096, true)]
    [InlineData(2, 4096, false)]
    [InlineData(30000, 4096, true)]
    [InlineData(30000, 4096, false)]
    [InlineData(3000, 512, false)]
    [InlineData(3000, 16384, false)]
    [InlineData(3000, 32768, true)]
    public void Liblmdb_reads_what_we_write(int count, int pageSize, bool inOrder)
    {
        using var folder = new TempFolder();
        SortedDictionary<byte[], byte[]> records = Records.Random(count, 11, maxValue: count > 10000 ? 2500 : 70000, maxKey: pageSize < 4096 ? 60 : 400);
        KeyValuePair<byte[], byte[]>[] order = records.ToArray();
        if (!inOrder) new Random(12).Shuffle(order);
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"], pageSize: pageSize)) Records.Write(writer, order);
        Records.AssertHolds(folder["db"], records);
        Records.AssertToolAgrees(folder["db"], records);
        Assert.Equal(count, LmdbTool.Stat(folder["db"], "Entries"));
        AssertPagesAddUp(folder["db"]);
        if (count >= 30000) Assert.True(LmdbTool.Stat(folder["db"], "Tree depth") >= 3);
    }

    [Fact]
    public void Liblmdb_goes_on_with_what_we_appended()
    {
        using var folder = new TempFolder();
        SortedDictionary<byte[], byte[]> all = Records.Random(4000, 21);
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, all);
        using (LmdbWriter writer = LmdbWriter.Append(folder["db"]))
        {
            for (int round = 0; round < 40; round++)
            {
                SortedDictionary<byte[], byte[]> more = Records.Random(100, 100 + round, maxKey: 2);
                Records.Write(writer, more);
                foreach ((byte[] key, byte[] value) in more) all[key] = value;
            }

            Assert.Equal(all.Count, writer.Count);
        }

        Records.AssertToolAgrees(folder["db"], all);
        AssertPagesAddUp(folder["db"]);

        // liblmdb now uses the pages that we freed, and its compacting copy counts every page: a leak would make it fail.
        SortedDictionary<byte[], byte[]> last = Records.Random(2000, 22);
        LmdbTool.Run("mdb_load", $"\"{folder["db"]}\"", LmdbTool.DumpText(last.Select(r => (r.Key, r.Value))));
        foreach ((byte[] key, byte[] value) in last) all[key] = value;
        Records.AssertToolAgrees(folder["db"], all);
        Records.AssertHolds(folder["db"], all);
        Directory.CreateDirectory(folder["copy"]);
        LmdbTool.Run("mdb_copy", $"-c \"{folder["db"]}\" \"{folder["copy"]}\"");
        Records.AssertHolds(folder["copy"], all);
    }

    [Fact]
    public void A_recorder_appends_in_small_commits()
    {
        using var folder = new TempFolder();
        var all = new SortedDictionary<byte[], byte[]>(KeyOrder.Instance);
        using (LmdbWriter writer = LmdbWriter.Append(folder["db"]))
        {
            for (int i = 0; i < 500; i++)
            {
                byte[] key = Records.Bytes(i.ToString("D8", System.Globalization.CultureInfo.InvariantCulture)), value = new byte[3000 + i];
                value.AsSpan().Fill((byte)i);
                writer.Put(key, value);
                all[key] = value;
                if (i % 5 == 4) writer.Commit();
            }
        }

        Records.AssertHolds(folder["db"], all);
        Records.AssertToolAgrees(folder["db"], all);
        AssertPagesAddUp(folder["db"]);
    }

    [Fact]
    public void Nothing_is_visible_before_commit_and_nothing_is_left_without_it()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"]))
        {
            writer.Put(Records.Bytes("a"), new byte[10000]);
            Assert.False(File.Exists(folder["db/data.mdb"]));
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, Records.Random(5, 1));
        using (LmdbWriter writer = LmdbWriter.Append(folder["db"])) writer.Put(Records.Bytes("a"), new byte[10000]);
        Records.AssertHolds(folder["db"], Records.Random(5, 1));
        Assert.Equal(new[] { folder["db/data.mdb"] }, Directory.GetFiles(folder["db"]));
    }

    [Fact]
    public void An_existing_database_is_replaced_only_when_asked()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, Records.Random(5, 1));
        Assert.Contains("--force", Assert.Throws<CortadoException>(() => LmdbWriter.Create(folder["db"])).Message);
        using (LmdbDatabase reader = LmdbDatabase.Open(folder["db"]))
        {
            if (OperatingSystem.IsWindows()) reader.Dispose();
            using LmdbWriter writer = LmdbWriter.Create(folder["db"], overwrite: true);
            Records.Write(writer, Records.Random(7, 2));
        }

        Records.AssertHolds(folder["db"], Records.Random(7, 2));
    }

    [Fact]
    public void A_crash_between_the_pages_and_the_meta_page_loses_nothing()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db.mdb"])) Records.Write(writer, Records.Random(500, 1));
        byte[] before = File.ReadAllBytes(folder["db.mdb"]);
        using (LmdbWriter writer = LmdbWriter.Append(folder["db.mdb"])) Records.Write(writer, Records.Random(300, 2));
        byte[] after = File.ReadAllBytes(folder["db.mdb"]);
        Assert.True(before.AsSpan(8192).SequenceEqual(after.AsSpan(8192, before.Length - 8192)), "committed pages must not change");
        before.AsSpan(0, 8192).CopyTo(after);
        foreach (int length in new[] { after.Length, before.Length + 4096, before.Length + 1000, before.Length })
        {
            File.WriteAllBytes(folder["crash.mdb"], after.AsSpan(0, length).ToArray());
            Records.AssertHolds(folder["crash.mdb"], Records.Random(500, 1));
            using (LmdbWriter writer = LmdbWriter.Append(folder["crash.mdb"])) Records.Write(writer, Records.Random(300, 2));
            Assert.Equal(800, Records.ReadAll(folder["crash.mdb"]).Count);
        }
    }

    [Fact]
    public void A_second_writer_is_refused()
    {
        using var folder = new TempFolder();
        using LmdbWriter first = LmdbWriter.Append(folder["db"]);
        Assert.Contains("Is another program writing", Assert.Throws<CortadoException>(() => LmdbWriter.Append(folder["db"])).Message);
    }

    [Fact]
    public void Unusable_keys_are_refused()
    {
        using var folder = new TempFolder();
        using LmdbWriter writer = LmdbWriter.Create(folder["db"]);
        Assert.Contains("1 to 511", Assert.Throws<CortadoException>(() => writer.Put(default, new byte[1])).Message);
        Assert.Contains("1 to 511", Assert.Throws<CortadoException>(() => writer.Put(new byte[512], new byte[1])).Message);
        writer.Put(new byte[511], new byte[1]);
    }

    [Fact]
    public void Records_in_order_do_not_wait_in_memory()
    {
        using var folder = new TempFolder();
        byte[] value = new byte[1900];
        using LmdbWriter writer = LmdbWriter.Create(folder["db"]);
        long before = GC.GetTotalMemory(true);
        for (int i = 0; i < 20000; i++) writer.Put(Records.Bytes(i.ToString("D8", System.Globalization.CultureInfo.InvariantCulture)), value);
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 4_000_000);
        writer.Commit();
    }

    private static SortedDictionary<byte[], byte[]> Last(IEnumerable<(byte[], byte[])> records)
    {
        var last = new SortedDictionary<byte[], byte[]>(KeyOrder.Instance);
        foreach ((byte[] key, byte[] value) in records) last[key] = value;
        return last;
    }

    /// <summary>Every page of the file is a meta page, in a tree, or free, and liblmdb counts them so.</summary>
    private static void AssertPagesAddUp(string path)
    {
        string[] lines = LmdbTool.Run("mdb_stat", $"-e -f \"{path}\"").Split('\n');
        long used = Number("Number of pages used");
        long free = Number("Free pages");
        long trees = Numbers("Branch pages").Concat(Numbers("Leaf pages")).Concat(Numbers("Overflow pages")).Sum();
        Assert.Equal(used, 2 + free + trees);

        IEnumerable<long> Numbers(string what) => lines.Where(l => l.Contains(what))
            .Select(l => long.Parse(l.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));

        long Number(string what) => Numbers(what).Single();
    }
}
