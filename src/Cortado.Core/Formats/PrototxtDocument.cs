using System.Text;
using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>A prototxt that was read: the message, and where each part of it stands in the text.</summary>
/// <typeparam name="T">The message, such as <see cref="NetParameter"/>.</typeparam>
public sealed class PrototxtDocument<T>
    where T : IMessage<T>
{
    internal PrototxtDocument(T message, SourceMap locations, string text, string fileName, Encoding encoding)
    {
        Message = message;
        Locations = locations;
        Text = text;
        FileName = fileName;
        Encoding = encoding;
    }

    /// <summary>What the text says.</summary>
    public T Message { get; }

    /// <summary>Where the text says it.</summary>
    public SourceMap Locations { get; }

    /// <summary>The text, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>The file's name, as it was given.</summary>
    public string FileName { get; }

    /// <summary>
    /// How the file's bytes stand for the text, its byte order mark included, so that an edited text can be written back without
    /// changing anything else. A file that is not UTF-8 is taken byte by byte (Latin-1), which keeps comments in any code page whole.
    /// </summary>
    public Encoding Encoding { get; }

    /// <summary>What a legacy upgrade could not carry over or had to assume, one sentence each; empty for a current file.</summary>
    public IReadOnlyList<string> Warnings { get; internal set; } = Array.Empty<string>();
}
