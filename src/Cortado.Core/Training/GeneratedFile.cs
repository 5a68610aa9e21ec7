using System.Text;
using Cortado.Formats;

namespace Cortado.Training;

/// <summary>Prototxt files that a plan writes.</summary>
internal static class GeneratedFile
{
    /// <summary>Writes one; its folder is made where it is missing.</summary>
    /// <exception cref="CortadoException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"The folder {folder} cannot be made: {error.Message}", error);
        }
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, stream => stream.Write(bytes, 0, bytes.Length));
    }

    /// <summary>The line that says what a file was made of; null in an empty one.</summary>
    public static string? FirstLine(string path)
    {
        using var reader = new StreamReader(path);
        return reader.ReadLine();
    }

    /// <summary>A path as prototxt files spell it.</summary>
    public static string Slashes(string path) => path.Replace('\\', '/');

    /// <summary>A path as a value of a field.</summary>
    public static string Quoted(string path) => "\"" + Slashes(path).Replace("\"", "\\\"") + "\"";
}
