using System.Text;
using Cortado.Formats;
using Cortado.Lmdb;

namespace Cortado.Tests;

public class LmdbReaderTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(20000)]
    public void Reads_what_liblmdb_wrote(int count)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["db"]);
        SortedDictionary<byte[], byte[]> records = Records.Random(count, 1, maxValue: count > 1000 ? 3000 : 100000);
        LmdbTool.Run("mdb_load", $"\"{folder["db"]}\"", LmdbTool.DumpText(records.Select(r => (r.Key, r.Value))));
        Records.AssertHolds(folder["db"], records);
        if (count > 1000) Assert.True(LmdbTool.Stat(folder["db"], "Tree depth") >= 3);
    }

    [Fact]
    public void Reads_a_database_that_liblmdb_changed()
    {
        using var folder = new TempFolder();
        SortedDictionary<byte[], byte[]> records = Records.Random(3000, 2);
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, records);
        SortedDictionary<byte[], byte[]> more = Records.Random(2000, 3);
        LmdbTool.Run("mdb_load", $"\"{folder["db"]}\"", LmdbTool.DumpText(more.Select(r => (r.Key, r.Value))));
        foreach ((byte[] key, byte[] value) in more) records[key] = value;
        Records.AssertHolds(folder["db"], records);
    }

    [Fact]
    public void Seek_finds_the_first_key_not_smaller()
    {
        using var folder = new TempFolder();
        SortedDictionary<byte[], byte[]> records = Records.Random(5000, 4, maxValue: 100);
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, records);
        byte[][] keys = records.Keys.ToArray();
        using LmdbDatabase database = LmdbDatabase.Open(folder["db"]);
        using LmdbCursor cursor = database.OpenCursor();
        var random = new Random(5);
        for (int i = 0; i < 3000; i++)
        {
            byte[] key = keys[random.Next(keys.Length)];
            if (i % 2 == 1)
            {
                key = (byte[])key.Clone();
                key[random.Next(key.Length)] = (byte)random.Next(256);
            }

            int at = Array.BinarySearch(keys, key, KeyOrder.Instance);
            if (at < 0) at = ~at;
            Assert.Equal(at < keys.Length, cursor.Seek(key));
            if (at == keys.Length) continue;
            Assert.Equal(keys[at], cursor.Key.ToArray());
            Assert.Equal(at + 1 < keys.Length, cursor.MoveNext());
            if (at + 1 < keys.Length) Assert.Equal(keys[at + 1], cursor.Key.ToArray());
        }

        Assert.True(cursor.Seek(ReadOnlySpan<byte>.Empty));
        Assert.Equal(keys[0], cursor.Key.ToArray());
    }

    [Fact]
    public void The_file_itself_can_be_named_and_no_lock_appears()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["one.mdb"])) Records.Write(writer, Records.Random(10, 1));
        Assert.Equal(10, Records.ReadAll(folder["one.mdb"]).Count);
        Assert.Equal(new[] { folder["one.mdb"] }, Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_read_only_file_in_a_read_only_folder_is_read()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, Records.Random(10, 1));
        File.SetAttributes(folder["db/data.mdb"], FileAttributes.ReadOnly);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder["db"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(10, Records.ReadAll(folder["db"]).Count);
        File.SetAttributes(folder["db/data.mdb"], FileAttributes.Normal);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder["db"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Two_databases_and_many_cursors_read_at_once()
    {
        using var folder = new TempFolder();
        SortedDictionary<byte[], byte[]> records = Records.Random(2000, 7);
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, records);
        using LmdbDatabase first = LmdbDatabase.Open(folder["db"]), second = LmdbDatabase.Open(folder["db"]);
        Parallel.For(0, 8, i =>
        {
            using LmdbCursor cursor = (i % 2 == 0 ? first : second).OpenCursor();
            foreach ((byte[] key, byte[] value) in records)
            {
                Assert.True(cursor.MoveNext());
                Assert.True(cursor.Key.SequenceEqual(key) && cursor.Value.SequenceEqual(value));
            }
        });
    }

    [Fact]
    public async Task Reading_while_liblmdb_writes_ends_with_records_or_a_clear_error()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["db"]);
        string[] dumps = Enumerable.Range(0, 6).Select(round => LmdbTool.DumpText(
            Enumerable.Range(0, 400).Select(i => (Records.Bytes(i.ToString("D6", System.Globalization.CultureInfo.InvariantCulture)), new byte[50 + (37 * i * (round + 1) % 5000)])))).ToArray();
        LmdbTool.Run("mdb_load", $"\"{folder["db"]}\"", dumps[0]);
        Task writing = Task.Run(() =>
        {
            foreach (string dump in dumps) LmdbTool.Run("mdb_load", $"\"{folder["db"]}\"", dump);
        });
        int whole = 0;
        do
        {
            try
            {
                using LmdbDatabase database = LmdbDatabase.Open(folder["db"]);
                using LmdbCursor cursor = database.OpenCursor();
                long bytes = 0;
                while (cursor.MoveNext()) bytes += cursor.Value.Length;
                whole += bytes > 0 ? 1 : 0;
            }
            catch (CortadoException)
            {
                // Pages of the old state were used again while we read.
            }
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.Equal(400, Records.ReadAll(folder["db"]).Count);
        Assert.True(whole > 0);
    }

    [Fact]
    public void A_cursor_outlives_its_database_and_fails_cleanly_once_disposed()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, Records.Random(10, 1));
        LmdbDatabase database = LmdbDatabase.Open(folder["db"]);
        LmdbCursor cursor = database.OpenCursor();
        database.Dispose();
        int count = 0;
        while (cursor.MoveNext()) count += cursor.Value.Length >= 0 ? 1 : 0;
        Assert.Equal(10, count);
        cursor.Dispose();
        cursor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cursor.MoveToFirst());
        Assert.Throws<ObjectDisposedException>(() => cursor.Key.Length);
        Assert.Throws<ObjectDisposedException>(() => database.OpenCursor());
    }

    [Fact]
    public void Says_what_is_wrong_with_what_is_not_an_lmdb()
    {
        using var folder = new TempFolder();
        Assert.Contains("no database at", Fault(folder["nothing"]));
        Directory.CreateDirectory(folder["empty"]);
        Assert.Contains("holds no data.mdb", Fault(folder["empty"]));
        Directory.CreateDirectory(folder["level"]);
        File.WriteAllText(folder["level/CURRENT"], "MANIFEST-000002\n");
        File.WriteAllText(folder["level/MANIFEST-000002"], "");
        Assert.Contains("LevelDB", Fault(folder["level"]));
        Assert.Contains("cortado convert", Fault(folder["level"]));
        File.WriteAllText(folder["text.mdb"], new string('x', 5000));
        Assert.Contains("not an LMDB", Fault(folder["text.mdb"]));
        File.WriteAllText(folder["zero.mdb"], "");
        Assert.Contains("empty", Fault(folder["zero.mdb"]));
        using (LmdbWriter writer = LmdbWriter.Create(folder["db.mdb"])) Records.Write(writer, Records.Random(10, 1));
        byte[] bytes = File.ReadAllBytes(folder["db.mdb"]);
        byte[] narrow = new byte[8192];
        bytes.AsSpan(16, 200).CopyTo(narrow.AsSpan(12));
        File.WriteAllBytes(folder["narrow.mdb"], narrow);
        Assert.Contains("32-bit", Fault(folder["narrow.mdb"]));
        byte[] version = (byte[])bytes.Clone();
        version[20] = version[4096 + 20] = 2;
        File.WriteAllBytes(folder["version.mdb"], version);
        Assert.Contains("version is 2", Fault(folder["version.mdb"]));
    }

    [Fact]
    public void One_broken_meta_page_is_survived()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db.mdb"], pageSize: 8192)) Records.Write(writer, Records.Random(10, 1));
        using (LmdbWriter writer = LmdbWriter.Append(folder["db.mdb"])) Records.Write(writer, Records.Random(20, 2));
        byte[] bytes = File.ReadAllBytes(folder["db.mdb"]);
        byte[] first = (byte[])bytes.Clone();
        first.AsSpan(0, 200).Clear();
        File.WriteAllBytes(folder["first.mdb"], first);
        Assert.Equal(10, Records.ReadAll(folder["first.mdb"]).Count);
        byte[] second = (byte[])bytes.Clone();
        second.AsSpan(8192, 200).Clear();
        File.WriteAllBytes(folder["second.mdb"], second);
        Assert.Equal(30, Records.ReadAll(folder["second.mdb"]).Count);
    }

    [Fact]
    public void The_provider_explains_the_wrong_backend()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, Records.Random(3, 1));
        var provider = new LmdbProvider();
        using (Cortado.Data.IRecordDatabase database = provider.Open(folder["db"], DataParameter.Types.DB.Lmdb)) Assert.Equal(3, database.Count);
        CortadoException e = Assert.Throws<CortadoException>(() => provider.Open(folder["db"], DataParameter.Types.DB.Leveldb));
        Assert.Contains("backend: LMDB", e.Message);
    }

    [Fact]
    public void Reading_does_not_allocate()
    {
        using var folder = new TempFolder();
        using (LmdbWriter writer = LmdbWriter.Create(folder["db"])) Records.Write(writer, Records.Random(3000, 1));
        using LmdbDatabase database = LmdbDatabase.Open(folder["db"]);
        using LmdbCursor cursor = database.OpenCursor();
        long sum = Walk(cursor), again = 0;
        Assert.Equal(0, Allocated.InQuietestRound(() => again = Walk(cursor)));
        Assert.Equal(sum, again);

        static long Walk(LmdbCursor cursor)
        {
            long sum = 0;
            for (bool more = cursor.MoveToFirst(); more; more = cursor.MoveNext()) sum += cursor.Value.Length;
            return sum;
        }
    }

    private static string Fault(string path) => Assert.Throws<CortadoException>(() => LmdbDatabase.Open(path).Dispose()).Message;
}
