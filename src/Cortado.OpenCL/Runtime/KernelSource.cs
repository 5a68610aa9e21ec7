using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cortado.OpenCL.Runtime;

/// <summary>The text of a kernel file with what stands before every one, and its hash: a changed kernel never runs as an old binary.</summary>
internal sealed class KernelSource
{
    private const string Common = "common.cl", Include = "#include \"";

    private KernelSource(string name, string text)
    {
        Name = name;
        Text = text;
        using SHA256 sha = SHA256.Create();
        Hash = Hex(sha.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The file's name: <c>pooling.cl</c>.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>SHA-256 of the text, in hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>Reads a kernel file; <c>common.cl</c> goes before it.</summary>
    public static KernelSource Read(string name) => new(name, ReadFile(Common) + "\n#line 1\n" + ReadFile(name));

    /// <summary>Reads a kernel file that needs nothing before it.</summary>
    public static KernelSource ReadAlone(string name) => new(name, ReadFile(name));

    public static string Hex(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length * 2);
        foreach (byte value in bytes) text.Append(value.ToString("x2", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>The file's text, with that of the files that it includes in their places.</summary>
    private static string ReadFile(string name)
    {
        using Stream stream = typeof(KernelSource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no kernel file {name} in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder();
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (!line.StartsWith(Include, StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
                continue;
            }
            string included = line.Substring(Include.Length).TrimEnd('"');
            text.Append("#line 1 \"").Append(included).Append("\"\n").Append(ReadFile(included));
            text.Append(string.Format(CultureInfo.InvariantCulture, "#line {0} \"{1}\"\n", number + 1, name));
        }
        return text.ToString();
    }
}
