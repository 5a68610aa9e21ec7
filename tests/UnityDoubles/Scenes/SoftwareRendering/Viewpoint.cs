using System.Numerics;

namespace UnityDoubles.SoftwareRendering;

/// <summary>A camera: a place, three axes of length 1 (the engine's: x right, y up, z forward), and how much it sees.</summary>
public readonly record struct Viewpoint
{
    public required Vector3 Position { get; init; }

    public required Vector3 Right { get; init; }

    public required Vector3 Up { get; init; }

    public required Vector3 Forward { get; init; }

    /// <summary>Perspective: the tangent of half the vertical field of view. Orthographic: half the height that is seen.</summary>
    public required float HalfHeight { get; init; }

    /// <summary>Width by height.</summary>
    public required float Aspect { get; init; }

    public bool Orthographic { get; init; }

    public float Near { get; init; }

    /// <summary>The ray through a place of the picture, from (-1, -1) at the lower left to (1, 1) at the upper right. Its direction has length 1 along <see cref="Forward"/>, so that distances are depths.</summary>
    public void Ray(float x, float y, out Vector3 origin, out Vector3 direction)
    {
        Vector3 aside = Right * (x * HalfHeight * Aspect) + Up * (y * HalfHeight);
        origin = Orthographic ? Position + aside : Position;
        direction = Orthographic ? Forward : Forward + aside;
    }

    /// <summary>The same camera as seen from another space.</summary>
    public Viewpoint In(in Matrix4x4 toThat) => this with
    {
        Position = Vector3.Transform(Position, toThat),
        Right = Vector3.TransformNormal(Right, toThat),
        Up = Vector3.TransformNormal(Up, toThat),
        Forward = Vector3.TransformNormal(Forward, toThat),
    };

    /// <summary>The rectangle, in the same units, that a ball can touch; false where it lies behind the camera.</summary>
    public bool Bounds(Vector3 centre, float radius, out Vector2 low, out Vector2 high)
    {
        Vector3 to = centre - Position;
        float depth = Vector3.Dot(to, Forward);
        low = -Vector2.One;
        high = Vector2.One;
        if (depth + radius <= Near) return false;
        if (!Orthographic && depth - radius <= Near) return true;
        var middle = new Vector2(Vector3.Dot(to, Right) / Aspect, Vector3.Dot(to, Up));
        var reach = new Vector2(radius / Aspect, radius);
        if (Orthographic)
        {
            low = Vector2.Max(low, (middle - reach) / HalfHeight);
            high = Vector2.Min(high, (middle + reach) / HalfHeight);
        }
        else
        {
            // The ball lies in a box between its nearest and its farthest depth; each side is widest at one of them.
            float near = HalfHeight * (depth - radius), far = HalfHeight * (depth + radius);
            low = Vector2.Max(low, Vector2.Min((middle - reach) / near, (middle - reach) / far));
            high = Vector2.Min(high, Vector2.Max((middle + reach) / near, (middle + reach) / far));
        }
        return low.X < high.X && low.Y < high.Y;
    }
}
