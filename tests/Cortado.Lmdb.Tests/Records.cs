using System.Text;
using Cortado.Data;
using Cortado.Lmdb;

namespace Cortado.Tests;

internal sealed class KeyOrder : IComparer<byte[]>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}

internal static class Records
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Reproducible records; every third value is larger than a page.</summary>
    public static SortedDictionary<byte[], byte[]> Random(int count, int seed, int maxValue = 9000, int maxKey = 60)
    {
        var random = new Random(seed);
        var records = new SortedDictionary<byte[], byte[]>(KeyOrder.Instance);
        while (records.Count < count)
        {
            byte[] key = new byte[random.Next(1, maxKey + 1)];
            random.NextBytes(key);
            byte[] value = new byte[random.Next(3) == 0 ? random.Next(maxValue) : random.Next(300)];
            random.NextBytes(value);
            records[key] = value;
        }

        return records;
    }

    public static void Write(IRecordWriter writer, IEnumerable<KeyValuePair<byte[], byte[]>> records)
    {
        foreach ((byte[] key, byte[] value) in records) writer.Put(key, value);
        writer.Commit();
    }

    public static List<(byte[] Key, byte[] Value)> ReadAll(string path)
    {
        using LmdbDatabase database = LmdbDatabase.Open(path);
        using LmdbCursor cursor = database.OpenCursor();
        var records = new List<(byte[], byte[])>();
        while (cursor.MoveNext()) records.Add((cursor.Key.ToArray(), cursor.Value.ToArray()));
        Assert.Equal(database.Count, records.Count);
        return records;
    }

    public static void AssertHolds(string path, SortedDictionary<byte[], byte[]> expected)
    {
        List<(byte[] Key, byte[] Value)> found = ReadAll(path);
        Assert.Equal(expected.Count, found.Count);
        int i = 0;
        foreach ((byte[] key, byte[] value) in expected)
        {
            Assert.True(key.AsSpan().SequenceEqual(found[i].Key), $"key {i}");
            Assert.True(value.AsSpan().SequenceEqual(found[i].Value), $"value {i}");
            i++;
        }
    }

    public static void AssertToolAgrees(string path, SortedDictionary<byte[], byte[]> expected)
    {
        List<(string Key, string Value)> dump = LmdbTool.Dump(path);
        Assert.Equal(expected.Count, dump.Count);
        int i = 0;
        foreach ((byte[] key, byte[] value) in expected)
        {
            Assert.Equal(Convert.ToHexStringLower(key), dump[i].Key);
            Assert.Equal(Convert.ToHexStringLower(value), dump[i].Value);
            i++;
        }
    }
}
