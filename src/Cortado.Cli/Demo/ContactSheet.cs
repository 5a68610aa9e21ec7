using StbImageWriteSharp;

namespace Cortado.Cli.Demo;

/// <summary>Pictures side by side in one PNG.</summary>
internal static class ContactSheet
{
    private const int Gap = 2;

    /// <summary>Writes red-green-blue pictures of <paramref name="size"/> by <paramref name="size"/> in rows of <paramref name="columns"/>.</summary>
    public static void Write(string path, IReadOnlyList<byte[]> pictures, int size, int columns)
    {
        int rows = (pictures.Count + columns - 1) / columns, pitch = size + Gap;
        int width = columns * pitch - Gap, height = rows * pitch - Gap;
        byte[] sheet = new byte[width * height * 3];
        Array.Fill(sheet, (byte)24);
        for (int i = 0; i < pictures.Count; i++)
        {
            int left = i % columns * pitch, top = i / columns * pitch;
            for (int y = 0; y < size; y++)
                pictures[i].AsSpan(3 * y * size, 3 * size).CopyTo(sheet.AsSpan(3 * ((top + y) * width + left)));
        }
        WritePng(path, sheet, width, height);
    }

    /// <summary>Writes one red-green-blue picture.</summary>
    public static void WritePng(string path, byte[] rgb, int width, int height)
    {
        using FileStream stream = File.Create(path);
        new ImageWriter().WritePng(rgb, width, height, ColorComponents.RedGreenBlue, stream);
    }
}
