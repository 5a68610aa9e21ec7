using System.Security.Cryptography;
using System.Text;

namespace Cortado.OpenCL.Runtime;

/// <summary>The text of a kernel file with what stands before every one, and its hash: a changed kernel never runs as an old binary.</summary>
internal sealed class KernelSource
{
    private const string Common = "common.cl";

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
        foreach (byte value in bytes) text.Append(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static string ReadFile(string name)
    {
        using Stream stream = typeof(KernelSource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no kernel file {name} in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
