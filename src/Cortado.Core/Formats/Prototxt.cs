using System.Text;
using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>
/// Protobuf's text format, in which Caffe's networks and solvers are written. Reads what protobuf's own parser reads, and prints
/// what its printer prints.
/// </summary>
public static class Prototxt
{
    /// <summary>Reads a message from text.</summary>
    /// <typeparam name="T">The message, such as <see cref="NetParameter"/>.</typeparam>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name that errors and locations give.</param>
    /// <returns>The message and where its parts stand.</returns>
    /// <exception cref="PrototxtException">The text is not such a message.</exception>
    public static PrototxtDocument<T> Parse<T>(string text, string fileName)
        where T : IMessage<T>, new()
    {
        ThrowIf.Null(text, nameof(text));
        return Parse<T>(text, fileName, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Reads a message from a file: UTF-8 with or without a byte order mark, or UTF-16 with one.</summary>
    /// <typeparam name="T">The message, such as <see cref="NetParameter"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The message and where its parts stand. A legacy network is not upgraded here: see <see cref="NetFile"/>.</returns>
    /// <exception cref="CortadoException">The file cannot be read, or (<see cref="PrototxtException"/>) is not such a message.</exception>
    public static PrototxtDocument<T> Load<T>(string path)
        where T : IMessage<T>, new()
    {
        ThrowIf.Null(path, nameof(path));
        (string text, Encoding encoding) = TextFile.Read(path);
        return Parse<T>(text, path, encoding);
    }

    /// <summary>Whether a text describes a network or a solver, by its outermost fields; it may be wrong further down.</summary>
    /// <param name="text">The text.</param>
    public static PrototxtKind KindOf(string text)
    {
        ThrowIf.Null(text, nameof(text));
        return OutermostFields.KindOf(text);
    }

    /// <summary>Whether a file describes a network or a solver.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CortadoException">It cannot be read.</exception>
    public static PrototxtKind KindOfFile(string path) => KindOf(TextFile.Read(path).Text);

    /// <summary>Writes a message as text: fields in the order of their numbers, two blanks of indent, the shortest digits that read back.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The text, with line feeds on every system.</returns>
    public static string Print(IMessage message)
    {
        ThrowIf.Null(message, nameof(message));
        return new PrototxtPrinter().Print(message);
    }

    private static PrototxtDocument<T> Parse<T>(string text, string fileName, Encoding encoding)
        where T : IMessage<T>, new()
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        var map = new SourceMap(fileName, text);
        var message = new T();
        new PrototxtParser(text, fileName, map).ParseAll(message);
        return new PrototxtDocument<T>(message, map, text, fileName, encoding);
    }
}
