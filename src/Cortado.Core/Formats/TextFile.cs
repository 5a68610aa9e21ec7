using System.Text;

namespace Cortado.Formats;

/// <summary>Reads a text file and notes how its bytes stand for characters.</summary>
internal static class TextFile
{
    private const long Longest = 256L << 20;

    public static (string Text, Encoding Encoding) Read(string path)
    {
        byte[] bytes;
        try
        {
            FileKind.RefuseFolder(path, "a prototxt file");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > Longest)
            {
                throw new CortadoException(FormattableString.Invariant(
                    $"{path}: {stream.Length >> 20} MiB is too long for a prototxt (up to {Longest >> 20} MiB); is it a .caffemodel or a database?"));
            }

            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            bytes = memory.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CortadoException($"{path}: cannot be read: {e.Message}", e);
        }

        return Decode(bytes);
    }

    private static (string Text, Encoding Encoding) Decode(byte[] bytes)
    {
        ReadOnlySpan<byte> span = bytes;
        if (span.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }))
        {
            return DecodeUtf8(span[3..], bom: true) ?? (Latin1(span), Encoding.GetEncoding(28591));
        }

        if (span.StartsWith(new byte[] { 0xFF, 0xFE }))
        {
            return (Encoding.Unicode.GetString(span[2..]), Encoding.Unicode);
        }

        if (span.StartsWith(new byte[] { 0xFE, 0xFF }))
        {
            return (Encoding.BigEndianUnicode.GetString(span[2..]), Encoding.BigEndianUnicode);
        }

        return DecodeUtf8(span, bom: false) ?? (Latin1(span), Encoding.GetEncoding(28591));
    }

    private static (string Text, Encoding Encoding)? DecodeUtf8(ReadOnlySpan<byte> bytes, bool bom)
    {
        try
        {
            var strict = new UTF8Encoding(bom, throwOnInvalidBytes: true);
            return (strict.GetString(bytes), strict);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.GetEncoding(28591).GetString(bytes);
}
