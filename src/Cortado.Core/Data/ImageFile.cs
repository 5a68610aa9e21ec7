namespace Cortado.Data;

/// <summary>Reads picture files: PNG, JPEG and BMP.</summary>
public static class ImageFile
{
    // Larger files are no pictures for a network; and their bytes have to fit into one array.
    private const long GreatestLength = 1 << 30;

    /// <summary>Reads a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="color">Which planes to give; blue, green and red unless told otherwise.</param>
    /// <exception cref="CortadoException">The file cannot be read or is no such picture; the message names it.</exception>
    public static Image Read(string path, ImageColor color = ImageColor.Color)
    {
        var image = new Image();
        Read(path, color, image);
        return image;
    }

    /// <summary>Reads a picture into an image that is used again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="color">Which planes to give.</param>
    /// <param name="image">Gets the pixels.</param>
    /// <exception cref="CortadoException">The file cannot be read or is no such picture; the message names it.</exception>
    public static void Read(string path, ImageColor color, Image image)
    {
        byte[] bytes = ReadBytes(path);
        try
        {
            ImageDecoder.Decode(bytes, color, image);
        }
        catch (CortadoException e)
        {
            throw new CortadoException($"{path}: {e.Message}.", e);
        }
    }

    internal static byte[] ReadBytes(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) throw new CortadoException($"There is no image {path} (looked at {info.FullName}).");
            if (info.Length > GreatestLength)
                throw new CortadoException(FormattableString.Invariant($"{path}: the file has {info.Length} bytes; at most {GreatestLength} are read as an image."));
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CortadoException($"{path}: the image cannot be read: {e.Message}", e);
        }
    }
}
