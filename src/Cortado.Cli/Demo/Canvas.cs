using System.Numerics;

namespace Cortado.Cli.Demo;

/// <summary>A square picture of red, green and blue floats, nominally in [0, 1].</summary>
internal sealed class Canvas(int size)
{
    public int Size { get; } = size;

    public Vector3[] Pixels { get; } = new Vector3[size * size];

    public ref Vector3 this[int x, int y] => ref Pixels[y * Size + x];

    /// <summary>Lays a colour over a pixel; an opacity of 1 replaces what was there.</summary>
    public void Blend(int x, int y, Vector3 colour, float opacity)
    {
        ref Vector3 pixel = ref Pixels[y * Size + x];
        pixel = Vector3.Lerp(pixel, colour, opacity);
    }

    /// <summary>The pixels as bytes, red, green, blue, row by row.</summary>
    public void CopyTo(Span<byte> rgb)
    {
        for (int i = 0; i < Pixels.Length; i++)
        {
            Vector3 p = Vector3.Clamp(Pixels[i], Vector3.Zero, Vector3.One) * 255f + new Vector3(0.5f);
            rgb[3 * i] = (byte)p.X;
            rgb[3 * i + 1] = (byte)p.Y;
            rgb[3 * i + 2] = (byte)p.Z;
        }
    }
}
