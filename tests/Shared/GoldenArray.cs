using System.Text.Json;

namespace Cortado.Tests;

/// <summary>An array of a golden index: what it is, its shape, and its values from the index's binary file.</summary>
public sealed record GoldenArray(string Role, string Name, int Index, int[] Shape, float[] Values)
{
    /// <summary>Reads an array's entry; <paramref name="binary"/> is the file that its offset counts from.</summary>
    public static GoldenArray Read(JsonElement entry, string binary)
    {
        float[] all = GoldenFolder.Floats(binary);
        int offset = entry.GetProperty("offset").GetInt32(), count = entry.GetProperty("count").GetInt32();
        return new GoldenArray(
            entry.TryGetProperty("role", out JsonElement role) ? role.GetString()! : "",
            entry.TryGetProperty("name", out JsonElement name) ? name.GetString()! : "",
            entry.TryGetProperty("index", out JsonElement index) ? index.GetInt32() : 0,
            entry.GetProperty("shape").EnumerateArray().Select(dim => dim.GetInt32()).ToArray(),
            all.AsSpan(offset, count).ToArray());
    }

    /// <summary>Reads a list of arrays.</summary>
    public static GoldenArray[] ReadAll(JsonElement entries, string binary) =>
        entries.EnumerateArray().Select(entry => Read(entry, binary)).ToArray();

    /// <summary>The array's role and name, for messages.</summary>
    public override string ToString() => Role.StartsWith("param", StringComparison.Ordinal) ? $"{Role} {Name}[{Index}]" : $"{Role} {Name}";
}
