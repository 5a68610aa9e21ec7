using System.Numerics;

namespace Cortado.Cli.Demo;

/// <summary>
/// What stands behind the object: a sky and a floor, stripes, or a gradient, with noise over it and a clutter of flat shapes.
/// It draws from the same distribution for every class, round and straight shapes alike, so that only the object tells the class.
/// </summary>
internal static class Backdrop
{
    private const int Lattice = 12;

    /// <summary>Paints the whole canvas and gives its main colour.</summary>
    public static Vector3 Paint(Canvas canvas, SceneRandom random)
    {
        Vector3 first = random.Colour(0.05f, 0.6f, 0.15f, 0.8f);
        Vector3 second = Vector3.Lerp(first, random.Colour(0.05f, 0.6f, 0.15f, 0.8f), 0.6f);
        switch (random.Below(3))
        {
            case 0: Floor(canvas, random, first, second); break;
            case 1: Stripes(canvas, random, first, second); break;
            default: Gradient(canvas, random, first, second); break;
        }
        Noise(canvas, random);
        int shapes = random.Below(7);
        for (int i = 0; i < shapes; i++) Clutter(canvas, random);
        return first;
    }

    private static void Gradient(Canvas canvas, SceneRandom random, Vector3 first, Vector3 second)
    {
        Vector2 direction = Direction(random) / canvas.Size;
        for (int y = 0; y < canvas.Size; y++)
            for (int x = 0; x < canvas.Size; x++)
                canvas[x, y] = Vector3.Lerp(first, second, Math.Clamp(0.5f + Vector2.Dot(Centred(canvas, x, y), direction), 0, 1));
    }

    private static void Stripes(Canvas canvas, SceneRandom random, Vector3 first, Vector3 second)
    {
        Vector2 direction = Direction(random) * random.Between(0.25f, 0.9f);
        float phase = random.Between(0, 2 * MathF.PI), sharpness = random.Between(0.7f, 4f);
        for (int y = 0; y < canvas.Size; y++)
            for (int x = 0; x < canvas.Size; x++)
            {
                float wave = MathF.Sin(Vector2.Dot(Centred(canvas, x, y), direction) + phase) * sharpness;
                canvas[x, y] = Vector3.Lerp(first, second, 0.5f + 0.5f * Math.Clamp(wave, -1, 1));
            }
    }

    /// <summary>A checkered floor in perspective under a sky.</summary>
    private static void Floor(Canvas canvas, SceneRandom random, Vector3 first, Vector3 second)
    {
        float horizon = canvas.Size * random.Between(0.25f, 0.6f), tile = random.Between(0.6f, 1.6f), shift = random.Between(0, 9), turn = random.Between(-0.6f, 0.6f);
        Vector3 sky = random.Colour(0.05f, 0.5f, 0.4f, 0.9f);
        for (int y = 0; y < canvas.Size; y++)
            for (int x = 0; x < canvas.Size; x++)
            {
                float below = y + 0.5f - horizon;
                if (below <= 0)
                {
                    canvas[x, y] = sky * (1 + 0.4f * below / canvas.Size);
                    continue;
                }
                float depth = canvas.Size / (below + 4), side = (x - canvas.Size / 2f) * depth / canvas.Size * 2;
                float u = (side + turn * depth + shift) / tile, v = (depth - turn * side + shift) / tile;
                bool odd = (((int)MathF.Floor(u) + (int)MathF.Floor(v)) & 1) != 0;
                float haze = Math.Clamp((depth - 4) / 12, 0, 1);
                canvas[x, y] = Vector3.Lerp(odd ? first : second, (first + second) / 2, haze);
            }
    }

    private static void Noise(Canvas canvas, SceneRandom random)
    {
        float strength = random.Between(0.02f, 0.22f), cell = random.Between(7.4f, 14f);
        Span<float> heights = stackalloc float[(Lattice + 1) * (Lattice + 1)];
        for (int i = 0; i < heights.Length; i++) heights[i] = random.Between(-strength, strength);
        for (int y = 0; y < canvas.Size; y++)
        {
            float v = y / cell;
            int row = (int)v;
            float fv = v - row;
            for (int x = 0; x < canvas.Size; x++)
            {
                float u = x / cell;
                int column = (int)u, at = row * (Lattice + 1) + column;
                float fu = u - column;
                float top = heights[at] + fu * (heights[at + 1] - heights[at]);
                float bottom = heights[at + Lattice + 1] + fu * (heights[at + Lattice + 2] - heights[at + Lattice + 1]);
                canvas[x, y] += new Vector3(top + fv * (bottom - top));
            }
        }
    }

    private static void Clutter(Canvas canvas, SceneRandom random)
    {
        int kind = random.Below(4);
        float half = random.Between(2f, 8f), angle = random.Between(0, MathF.PI), stretch = random.Between(0.35f, 1f), opacity = random.Between(0.35f, 0.95f);
        var centre = new Vector2(random.Between(0, canvas.Size), random.Between(0, canvas.Size));
        Vector3 colour = random.Colour(0.05f, 0.8f, 0.15f, 0.9f);
        (float sin, float cos) = MathF.SinCos(angle);
        int left = Math.Max(0, (int)(centre.X - 1.5f * half)), right = Math.Min(canvas.Size - 1, (int)(centre.X + 1.5f * half));
        int top = Math.Max(0, (int)(centre.Y - 1.5f * half)), bottom = Math.Min(canvas.Size - 1, (int)(centre.Y + 1.5f * half));
        for (int y = top; y <= bottom; y++)
            for (int x = left; x <= right; x++)
            {
                Vector2 d = new Vector2(x, y) - centre;
                float u = (d.X * cos + d.Y * sin) / half, v = (d.Y * cos - d.X * sin) / (half * stretch);
                float outside = kind switch
                {
                    0 => MathF.Sqrt(u * u + v * v) - 1,
                    1 => MathF.Max(MathF.Abs(u), MathF.Abs(v)) - 1,
                    2 => MathF.Abs(MathF.Sqrt(u * u + v * v) - 0.8f) - 0.2f,
                    _ => MathF.Max(v - 0.5f, MathF.Abs(u) - 0.5f * (0.5f - v)) - 0.1f,
                };
                float cover = Math.Clamp(0.5f - outside * half, 0, 1);
                if (cover > 0) canvas.Blend(x, y, colour, cover * opacity);
            }
    }

    private static Vector2 Direction(SceneRandom random)
    {
        (float sin, float cos) = MathF.SinCos(random.Between(0, 2 * MathF.PI));
        return new Vector2(cos, sin);
    }

    private static Vector2 Centred(Canvas canvas, int x, int y) => new(x - canvas.Size / 2f, y - canvas.Size / 2f);
}
