using System.Numerics;

namespace Cortado.Cli.Demo;

/// <summary>What a ray from the camera met: how far, the unit normal there, and the place in the body's own axes, each from -1 to 1.</summary>
internal readonly record struct SurfacePoint(float Distance, Vector3 Normal, Vector3 Local);

/// <summary>A body before the camera, which stands at the origin and looks along +z, y downwards as rows are.</summary>
internal abstract class Solid(Vector3 centre)
{
    public Vector3 Centre { get; } = centre;

    /// <summary>The radius of a sphere around the whole body.</summary>
    public abstract float Reach { get; }

    /// <summary>Where a ray of unit direction from the camera first meets the body.</summary>
    public abstract bool Meet(Vector3 direction, out SurfacePoint point);
}

/// <summary>A sphere.</summary>
internal sealed class Ball(Vector3 centre, float radius, Quaternion turn) : Solid(centre)
{
    private readonly Quaternion _inverse = Quaternion.Conjugate(turn);

    public override float Reach => radius;

    public override bool Meet(Vector3 direction, out SurfacePoint point)
    {
        point = default;
        float along = Vector3.Dot(direction, Centre);
        float discriminant = along * along - Centre.LengthSquared() + radius * radius;
        if (discriminant < 0) return false;
        float distance = along - MathF.Sqrt(discriminant);
        Vector3 normal = (direction * distance - Centre) / radius;
        point = new SurfacePoint(distance, normal, Vector3.Transform(normal, _inverse));
        return true;
    }
}

/// <summary>A box of three half lengths, turned in space.</summary>
internal sealed class Box(Vector3 centre, Vector3 half, Quaternion turn) : Solid(centre)
{
    private readonly Quaternion _inverse = Quaternion.Conjugate(turn);
    private readonly Vector3 _origin = Vector3.Transform(-centre, Quaternion.Conjugate(turn));

    public override float Reach { get; } = half.Length();

    public override bool Meet(Vector3 direction, out SurfacePoint point)
    {
        // The slab test: the ray is inside the box where it is between all three pairs of planes.
        point = default;
        Vector3 local = Vector3.Transform(direction, _inverse);
        Vector3 one = (-half - _origin) / local, two = (half - _origin) / local;
        Vector3 near = Vector3.Min(one, two), far = Vector3.Max(one, two);
        float enter = MathF.Max(near.X, MathF.Max(near.Y, near.Z)), leave = MathF.Min(far.X, MathF.Min(far.Y, far.Z));
        if (!(enter < leave) || enter <= 0) return false;
        Vector3 axis = enter == near.X ? new Vector3(-MathF.Sign(local.X), 0, 0)
            : enter == near.Y ? new Vector3(0, -MathF.Sign(local.Y), 0)
            : new Vector3(0, 0, -MathF.Sign(local.Z));
        point = new SurfacePoint(enter, Vector3.Transform(axis, turn), (_origin + local * enter) / half);
        return true;
    }
}
