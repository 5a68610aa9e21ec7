using Cortado.Lmdb;

namespace Cortado.Tests;

/// <summary>Damaged files: reading ends, with the records or with an error for people, and never with anything else.</summary>
public class LmdbFuzzTests
{
    private const int PageSize = 512;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damaged_files_give_records_or_a_clear_error(int seed)
    {
        using var folder = new TempFolder();
        string good = folder["good.mdb"], bad = folder["bad.mdb"];
        using (LmdbWriter writer = LmdbWriter.Create(good, pageSize: PageSize)) Records.Write(writer, Records.Random(400, seed, maxValue: 3000));
        using (LmdbWriter writer = LmdbWriter.Append(good)) Records.Write(writer, Records.Random(100, seed + 100, maxKey: 3));
        byte[] bytes = File.ReadAllBytes(good);
        var random = new Random(seed);
        int errors = 0;
        for (int i = 0; i < 600; i++)
        {
            byte[] damaged = Damage(bytes, random);
            File.WriteAllBytes(bad, damaged);
            try
            {
                ReadEverything(bad);
            }
            catch (CortadoException e)
            {
                errors++;
                Assert.Contains("bad.mdb", e.Message);
            }

            if (i % 10 != 0) continue;
            try
            {
                using LmdbWriter writer = LmdbWriter.Append(bad);
                Records.Write(writer, Records.Random(5, i, maxKey: 4));
            }
            catch (CortadoException)
            {
            }
        }

        Assert.InRange(errors, 120, 600);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        using var folder = new TempFolder();
        string good = folder["good.mdb"], bad = folder["bad.mdb"];
        using (LmdbWriter writer = LmdbWriter.Create(good, pageSize: PageSize)) Records.Write(writer, Records.Random(40, 1, maxValue: 3000));
        byte[] bytes = File.ReadAllBytes(good);
        for (int length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(bad, bytes.AsSpan(0, length).ToArray());
            if (length >= PageSize + 152 || length < 152) Assert.Throws<CortadoException>(() => ReadEverything(bad));
        }
    }

    [Fact]
    public void A_branch_that_points_back_to_itself_or_its_siblings_is_no_endless_loop()
    {
        using var folder = new TempFolder();
        string good = folder["good.mdb"], bad = folder["bad.mdb"];
        using (LmdbWriter writer = LmdbWriter.Create(good, pageSize: PageSize)) Records.Write(writer, Records.Random(3000, 1, maxValue: 10));
        byte[] bytes = File.ReadAllBytes(good);
        for (int page = 2; page < bytes.Length / PageSize; page++)
        {
            Span<byte> at = bytes.AsSpan(page * PageSize, PageSize);
            if (at[10] != 1) continue;
            byte[] damaged = (byte[])bytes.Clone();
            int nodes = (BitConverter.ToUInt16(at[12..]) - 16) / 2;
            int firstNode = BitConverter.ToUInt16(at[16..]);
            for (int node = 1; node < nodes; node++)
                at.Slice(firstNode, 4).CopyTo(damaged.AsSpan(page * PageSize + BitConverter.ToUInt16(at[(16 + 2 * node)..])));
            File.WriteAllBytes(bad, damaged);
            Assert.Contains("ascending keys", Assert.Throws<CortadoException>(() => ReadEverything(bad)).Message);
        }
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        byte[] damaged = (byte[])bytes.Clone();
        int times = random.Next(1, 6);
        for (int t = 0; t < times; t++)
        {
            // Headers and indexes matter most: half of the damage goes into the first bytes of a page.
            int page = random.Next(damaged.Length / PageSize);
            int at = page * PageSize + random.Next(random.Next(2) == 0 ? (page < 2 ? 152 : 40) : PageSize);
            switch (random.Next(4))
            {
                case 0: damaged[at] = (byte)random.Next(256); break;
                case 1: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: damaged.AsSpan(at, Math.Min(8, damaged.Length - at)).Fill(255); break;
                default:
                    int from = random.Next(damaged.Length / PageSize) * PageSize;
                    damaged.AsSpan(from, PageSize).ToArray().CopyTo(damaged.AsSpan(page * PageSize));
                    break;
            }
        }

        return random.Next(10) == 0 ? damaged.AsSpan(0, random.Next(damaged.Length)).ToArray() : damaged;
    }

    private static void ReadEverything(string path)
    {
        using LmdbDatabase database = LmdbDatabase.Open(path);
        using LmdbCursor cursor = database.OpenCursor();
        long steps = 0, sum = 0;
        while (cursor.MoveNext())
        {
            foreach (byte b in cursor.Value) sum += b;
            Assert.True(++steps < 100000);
        }

        for (int key = 0; key < 256; key += 16)
            if (cursor.Seek(new[] { (byte)key })) sum += cursor.Value.Length;
        Assert.True(sum >= 0);
    }
}
