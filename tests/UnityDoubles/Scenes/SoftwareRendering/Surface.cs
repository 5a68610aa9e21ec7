using System.Numerics;

namespace UnityDoubles.SoftwareRendering;

/// <summary>A texture's pixels: red, green, blue from 0 to 1, rows from the bottom as the engine stores them.</summary>
public sealed class TexturePixels
{
    private readonly Vector3[] _pixels;

    /// <summary>Takes the pixels, row by row from the bottom.</summary>
    public TexturePixels(Vector3[] pixels, int width, int height)
    {
        _pixels = pixels;
        Width = width;
        Height = height;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The colour at texture coordinates, repeated, between the four nearest pixels.</summary>
    public Vector3 At(Vector2 uv)
    {
        float x = uv.X * Width - 0.5f, y = uv.Y * Height - 0.5f;
        int left = (int)MathF.Floor(x), low = (int)MathF.Floor(y);
        float fx = x - left, fy = y - low;
        Vector3 below = Vector3.Lerp(Pixel(left, low), Pixel(left + 1, low), fx);
        Vector3 above = Vector3.Lerp(Pixel(left, low + 1), Pixel(left + 1, low + 1), fx);
        return Vector3.Lerp(below, above, fy);
    }

    private Vector3 Pixel(int x, int y) => _pixels[Wrap(y, Height) * Width + Wrap(x, Width)];

    private static int Wrap(int value, int size) => (value % size + size) % size;
}

/// <summary>What a solid is made of.</summary>
public sealed record Surface
{
    /// <summary>Its colour, multiplied with the texture.</summary>
    public Vector3 Color { get; init; } = Vector3.One;

    /// <summary>Its texture; null for none.</summary>
    public TexturePixels? Texture { get; init; }

    public Vector2 TextureScale { get; init; } = Vector2.One;

    public Vector2 TextureOffset { get; init; }

    /// <summary>From 0, dull, to 1, a mirror: how tight and bright the light's reflection is.</summary>
    public float Smoothness { get; init; }

    /// <summary>Light of its own.</summary>
    public Vector3 Emission { get; init; }

    /// <summary>Whether light matters to it.</summary>
    public bool Lit { get; init; } = true;

    /// <summary>The colour at texture coordinates before any light.</summary>
    public Vector3 At(Vector2 uv) => Texture == null ? Color : Color * Texture.At(uv * TextureScale + TextureOffset);
}
