using System.Numerics;

namespace Cortado.Cli.Demo;

/// <summary>The demo's two classes; the numbers are the labels.</summary>
internal enum SceneClass
{
    Ball = 0,
    Box = 1,
}

/// <summary>
/// Renders small colour pictures such as a game would show: one lit ball or box over a busy backdrop. A picture is a pure
/// function of seed and number; colour, light, pose, size, pattern and backdrop come from the same distributions in both classes.
/// </summary>
/// <remarks>One instance per thread: it keeps its canvas.</remarks>
internal sealed class SceneRenderer(ulong seed, int size = SceneRenderer.StandardSize)
{
    public const int StandardSize = 80;

    private const float Focal = 2.4f, Depth = 6f;

    private readonly Canvas _canvas = new(size);

    /// <summary>The class of picture <paramref name="number"/>: odd ones are boxes, so any even count is balanced.</summary>
    public static SceneClass ClassOf(long number) => (SceneClass)(number & 1);

    /// <summary>Renders picture <paramref name="number"/> into red, green and blue bytes, row by row.</summary>
    public void Render(long number, Span<byte> rgb)
    {
        var random = new SceneRandom(seed, (ulong)number);
        Vector3 behind = Backdrop.Paint(_canvas, random);
        Vector3 colour = random.Colour(0.15f, 0.85f, 0.4f, 0.98f);
        // An object in its backdrop's own colour could not be told by anybody.
        for (int tries = 0; tries < 8 && Vector3.Distance(colour, behind) < 0.4f; tries++) colour = random.Colour(0.15f, 0.85f, 0.35f, 0.98f);
        SceneClass kind = ClassOf(number);
        Solid solid = Place(random, kind);
        var material = new Material(random, kind == SceneClass.Ball ? new BallPaint(random, colour) : new CratePaint(random, colour));
        CastShadow(solid, material.ToLight, random.Between(0.2f, 0.55f));
        Draw(solid, material);
        Expose(random);
        _canvas.CopyTo(rgb);
    }

    private static Solid Place(SceneRandom random, SceneClass kind)
    {
        // The apparent radius, in halves of the picture; the object stays inside every crop of 70 of the 80 pixels.
        float apparent = random.Between(0.62f, 0.82f), room = 0.9f * (0.9f - apparent);
        float x = random.Between(-room, room), y = random.Between(-room, room);
        var centre = new Vector3(x * Depth / Focal, y * Depth / Focal, Depth);
        float radius = apparent * Depth / Focal;
        Quaternion turn = random.Rotation();
        var sides = new Vector3(random.Between(0.72f, 1), random.Between(0.72f, 1), random.Between(0.72f, 1));
        if (kind == SceneClass.Ball) return new Ball(centre, radius, turn);
        // A turned box covers on average a quarter of its surface (Cauchy); it is scaled to cover what the ball of that radius does.
        float quarter = 2 * (sides.X * sides.Y + sides.Y * sides.Z + sides.Z * sides.X);
        return new Box(centre, sides * radius * MathF.Sqrt(MathF.PI / quarter), turn);
    }

    /// <summary>Darkens the backdrop around the foot of the object, away from the light.</summary>
    private void CastShadow(Solid solid, Vector3 toLight, float strength)
    {
        float scale = _canvas.Size / 2f, radius = solid.Reach * Focal / Depth * scale * 0.95f;
        float cx = Column(solid.Centre) - 0.35f * radius * toLight.X, cy = Row(solid.Centre) + 0.55f * radius;
        for (int y = 0; y < _canvas.Size; y++)
            for (int x = 0; x < _canvas.Size; x++)
            {
                float dx = (x - cx) / radius, dy = (y - cy) / (0.7f * radius), d = dx * dx + dy * dy;
                if (d < 1) _canvas[x, y] *= 1 - strength * (1 - d) * (1 - d) * 1.4f;
            }
    }

    private void Draw(Solid solid, Material material)
    {
        float scale = _canvas.Size / 2f, reach = solid.Reach * Focal / (Depth - solid.Reach) * scale + 1;
        int left = Math.Max(0, (int)(Column(solid.Centre) - reach)), right = Math.Min(_canvas.Size - 1, (int)(Column(solid.Centre) + reach));
        int top = Math.Max(0, (int)(Row(solid.Centre) - reach)), bottom = Math.Min(_canvas.Size - 1, (int)(Row(solid.Centre) + reach));
        for (int y = top; y <= bottom; y++)
            for (int x = left; x <= right; x++)
            {
                Vector3 sum = Vector3.Zero;
                int met = 0;
                // Four rays a pixel, so that edges are as smooth as an engine's.
                for (int ray = 0; ray < 4; ray++)
                {
                    float u = (x + 0.25f + 0.5f * (ray & 1)) / scale - 1, v = (y + 0.25f + 0.5f * (ray >> 1)) / scale - 1;
                    Vector3 direction = Vector3.Normalize(new Vector3(u, v, Focal));
                    if (!solid.Meet(direction, out SurfacePoint point)) continue;
                    sum += material.Shade(point, direction);
                    met++;
                }
                if (met > 0) _canvas.Blend(x, y, sum / met, met / 4f);
            }
    }

    /// <summary>The camera: how bright the picture is, and a little grain.</summary>
    private void Expose(SceneRandom random)
    {
        float exposure = random.Between(1.0f, 1.5f), grain = random.Between(0, 0.05f);
        Vector3[] pixels = _canvas.Pixels;
        uint state = (uint)random.Below(int.MaxValue) | 1;
        for (int i = 0; i < pixels.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            pixels[i] = pixels[i] * exposure + new Vector3(grain * ((state >> 8) * (1f / 8388608f) - 1));
        }
    }

    private float Column(Vector3 at) => (at.X * Focal / at.Z + 1) * _canvas.Size / 2f;

    private float Row(Vector3 at) => (at.Y * Focal / at.Z + 1) * _canvas.Size / 2f;
}
