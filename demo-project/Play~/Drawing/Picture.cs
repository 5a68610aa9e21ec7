using System.Numerics;
using StbImageWriteSharp;

namespace Cortado.Demo.Play.Drawing;

/// <summary>A picture to draw on: red, green and blue bytes, rows from the top.</summary>
internal sealed class Picture
{
    private readonly byte[] _rgb;

    public Picture(int width, int height, Vector3 background)
    {
        Width = width;
        Height = height;
        _rgb = new byte[3 * width * height];
        Fill(0, 0, width, height, background);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Fills a rectangle; colours are from 0 to 1.</summary>
    public void Fill(int left, int top, int width, int height, Vector3 color, float opacity = 1)
    {
        for (int y = Math.Max(0, top); y < Math.Min(Height, top + height); y++)
            for (int x = Math.Max(0, left); x < Math.Min(Width, left + width); x++) Blend(x, y, color, opacity);
    }

    /// <summary>Lays another picture's bytes here, each of its pixels <paramref name="scale"/> wide and high; its rows stand from the bottom, as the engine's textures have them.</summary>
    public void Place(ReadOnlySpan<byte> rgb, int width, int height, int left, int top, int scale = 1)
    {
        for (int y = 0; y < height * scale; y++)
            for (int x = 0; x < width * scale; x++)
            {
                int from = 3 * ((height - 1 - y / scale) * width + x / scale), to = 3 * ((top + y) * Width + left + x);
                rgb.Slice(from, 3).CopyTo(_rgb.AsSpan(to, 3));
            }
    }

    /// <summary>Lays another picture here.</summary>
    public void Place(Picture other, int left, int top)
    {
        for (int y = 0; y < other.Height; y++)
            other._rgb.AsSpan(3 * y * other.Width, 3 * other.Width).CopyTo(_rgb.AsSpan(3 * ((top + y) * Width + left)));
    }

    /// <summary>Draws a line with round ends.</summary>
    public void Line(Vector2 from, Vector2 to, float thickness, Vector3 color)
    {
        float reach = thickness / 2 + 1;
        Vector2 low = Vector2.Min(from, to) - new Vector2(reach), high = Vector2.Max(from, to) + new Vector2(reach);
        Vector2 along = to - from;
        float length = along.LengthSquared();
        for (int y = Math.Max(0, (int)low.Y); y <= Math.Min(Height - 1, (int)high.Y); y++)
            for (int x = Math.Max(0, (int)low.X); x <= Math.Min(Width - 1, (int)high.X); x++)
            {
                var at = new Vector2(x + 0.5f, y + 0.5f);
                float share = length > 0 ? Math.Clamp(Vector2.Dot(at - from, along) / length, 0, 1) : 0;
                float cover = thickness / 2 + 0.5f - Vector2.Distance(at, from + along * share);
                if (cover > 0) Blend(x, y, color, Math.Min(1, cover));
            }
    }

    /// <summary>Writes text; <paramref name="y"/> is its baseline and <paramref name="size"/> the height of a capital. Gives the x behind it.</summary>
    public float Text(string text, float x, float y, float size, Vector3 color, bool bold = false) =>
        StrokeFont.Draw(this, text, new Vector2(x, y), size, color, bold);

    public void SavePng(string path)
    {
        using FileStream file = File.Create(path);
        new ImageWriter().WritePng(_rgb, Width, Height, ColorComponents.RedGreenBlue, file);
    }

    public void SaveJpeg(string path, int quality)
    {
        using FileStream file = File.Create(path);
        new ImageWriter().WriteJpg(_rgb, Width, Height, ColorComponents.RedGreenBlue, file, quality);
    }

    private void Blend(int x, int y, Vector3 color, float opacity)
    {
        Span<byte> pixel = _rgb.AsSpan(3 * (y * Width + x), 3);
        for (int i = 0; i < 3; i++) pixel[i] = (byte)(pixel[i] + (color[i] * 255 - pixel[i]) * opacity + 0.5f);
    }
}
