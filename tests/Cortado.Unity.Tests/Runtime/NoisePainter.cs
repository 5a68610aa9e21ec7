using UnityDoubles;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>Draws noise for a camera: a pixel's colour depends on its place, counted from the upper left, and on <see cref="Seed"/>.</summary>
internal sealed class NoisePainter : ICameraRenderer
{
    public int Seed { get; set; } = 1;

    public void Render(Camera camera, RenderTexture target)
    {
        Span<Color32> pixels = target.Write();
        for (int y = 0; y < target.height; y++)
            for (int x = 0; x < target.width; x++) pixels[(target.height - 1 - y) * target.width + x] = ColorAt(x, y, Seed);
    }

    public static Color32 ColorAt(int x, int y, int seed)
    {
        uint bits = (uint)(x * 73856093 ^ y * 19349663 ^ seed * 83492791);
        bits = (bits ^ (bits >> 13)) * 0x5bd1e995;
        bits ^= bits >> 15;
        return new Color32((byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), 255);
    }

    /// <summary>The same picture as the core takes it.</summary>
    public static Data.Image Picture(int width, int height, int seed, int left = 0, int upper = 0)
    {
        var image = new Data.Image(3, height, width);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                Color32 color = ColorAt(left + x, upper + y, seed);
                int at = y * width + x, plane = width * height;
                (image.Pixels[at], image.Pixels[plane + at], image.Pixels[2 * plane + at]) = (color.b, color.g, color.r);
            }
        return image;
    }

    /// <summary>The same picture as a texture's pixels: row 0 the lowest.</summary>
    public static Color32[] Pixels(int width, int height, int seed)
    {
        var pixels = new Color32[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) pixels[(height - 1 - y) * width + x] = ColorAt(x, y, seed);
        return pixels;
    }
}
