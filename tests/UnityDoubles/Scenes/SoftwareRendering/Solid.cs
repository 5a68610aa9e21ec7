using System.Numerics;

namespace UnityDoubles.SoftwareRendering;

/// <summary>What a ray met: how far along it, in lengths of its direction, and the outward normal there in the solid's own space.</summary>
public readonly record struct Meeting(float Distance, Vector3 Normal);

/// <summary>A shape of the engine's built-in meshes, in its own space: met exactly, without triangles.</summary>
public abstract class Solid
{
    /// <summary>A ball of radius 0.5.</summary>
    public static Solid Sphere { get; } = new SphereSolid();

    /// <summary>A cube of edge 1.</summary>
    public static Solid Cube { get; } = new CubeSolid();

    /// <summary>A cylinder of radius 0.5 and height 2 along y.</summary>
    public static Solid Cylinder { get; } = new CylinderSolid();

    /// <summary>A square of edge 1 in x and y, seen from -z only.</summary>
    public static Solid Quad { get; } = new QuadSolid();

    /// <summary>A square of edge 10 in x and z, seen from above only.</summary>
    public static Solid Plane { get; } = new PlaneSolid();

    /// <summary>Half the edges of a box around the solid.</summary>
    public abstract Vector3 Extents { get; }

    /// <summary>Where the ray first enters the solid from outside, farther than <paramref name="from"/>. The direction need not have length 1: distances are in its lengths.</summary>
    public abstract bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting);

    /// <summary>The texture coordinates of a place on the surface.</summary>
    public abstract Vector2 TextureAt(Vector3 at, Vector3 normal);

    private sealed class SphereSolid : Solid
    {
        private const float Radius = 0.5f;

        public override Vector3 Extents => new(Radius);

        public override bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting)
        {
            meeting = default;
            float a = direction.LengthSquared(), b = Vector3.Dot(origin, direction), c = origin.LengthSquared() - Radius * Radius;
            float discriminant = b * b - a * c;
            if (discriminant <= 0) return false;
            float distance = (-b - MathF.Sqrt(discriminant)) / a;
            if (!(distance > from)) return false;
            meeting = new Meeting(distance, (origin + direction * distance) / Radius);
            return true;
        }

        public override Vector2 TextureAt(Vector3 at, Vector3 normal) =>
            new(MathF.Atan2(normal.Z, normal.X) / (2 * MathF.PI) + 0.5f, MathF.Asin(Math.Clamp(normal.Y, -1, 1)) / MathF.PI + 0.5f);
    }

    private sealed class CubeSolid : Solid
    {
        public override Vector3 Extents => new(0.5f);

        public override bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting)
        {
            // The slab test: the ray is inside the cube where it is between all three pairs of faces.
            meeting = default;
            Vector3 one = (new Vector3(-0.5f) - origin) / direction, two = (new Vector3(0.5f) - origin) / direction;
            Vector3 near = Vector3.Min(one, two), far = Vector3.Max(one, two);
            float enter = MathF.Max(near.X, MathF.Max(near.Y, near.Z)), leave = MathF.Min(far.X, MathF.Min(far.Y, far.Z));
            if (!(enter < leave) || !(enter > from)) return false;
            Vector3 normal = enter == near.X ? new Vector3(-MathF.Sign(direction.X), 0, 0)
                : enter == near.Y ? new Vector3(0, -MathF.Sign(direction.Y), 0)
                : new Vector3(0, 0, -MathF.Sign(direction.Z));
            meeting = new Meeting(enter, normal);
            return true;
        }

        public override Vector2 TextureAt(Vector3 at, Vector3 normal) =>
            (normal.X != 0 ? new Vector2(at.Z, at.Y) : normal.Y != 0 ? new Vector2(at.X, at.Z) : new Vector2(at.X, at.Y)) + new Vector2(0.5f);
    }

    private sealed class CylinderSolid : Solid
    {
        private const float Radius = 0.5f;

        public override Vector3 Extents => new(Radius, 1, Radius);

        public override bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting)
        {
            meeting = default;
            float a = direction.X * direction.X + direction.Z * direction.Z, b = origin.X * direction.X + origin.Z * direction.Z;
            float c = origin.X * origin.X + origin.Z * origin.Z - Radius * Radius, discriminant = b * b - a * c;
            if (discriminant <= 0 && a > 0) return false;
            if (a > 0)
            {
                float side = (-b - MathF.Sqrt(discriminant)) / a;
                Vector3 at = origin + direction * side;
                if (side > from && MathF.Abs(at.Y) <= 1)
                {
                    meeting = new Meeting(side, new Vector3(at.X / Radius, 0, at.Z / Radius));
                    return true;
                }
            }
            float lid = (-MathF.Sign(direction.Y) - origin.Y) / direction.Y;
            Vector3 on = origin + direction * lid;
            if (!(lid > from) || on.X * on.X + on.Z * on.Z > Radius * Radius) return false;
            meeting = new Meeting(lid, new Vector3(0, -MathF.Sign(direction.Y), 0));
            return true;
        }

        public override Vector2 TextureAt(Vector3 at, Vector3 normal) =>
            normal.Y != 0 ? new Vector2(at.X + 0.5f, at.Z + 0.5f) : new Vector2(MathF.Atan2(at.Z, at.X) / (2 * MathF.PI) + 0.5f, at.Y / 2 + 0.5f);
    }

    private sealed class QuadSolid : Solid
    {
        public override Vector3 Extents => new(0.5f, 0.5f, 0);

        public override bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting)
        {
            meeting = default;
            float distance = -origin.Z / direction.Z;
            Vector3 at = origin + direction * distance;
            if (!(distance > from) || direction.Z <= 0 || MathF.Abs(at.X) > 0.5f || MathF.Abs(at.Y) > 0.5f) return false;
            meeting = new Meeting(distance, -Vector3.UnitZ);
            return true;
        }

        public override Vector2 TextureAt(Vector3 at, Vector3 normal) => new(at.X + 0.5f, at.Y + 0.5f);
    }

    private sealed class PlaneSolid : Solid
    {
        public override Vector3 Extents => new(5, 0, 5);

        public override bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting)
        {
            meeting = default;
            float distance = -origin.Y / direction.Y;
            Vector3 at = origin + direction * distance;
            if (!(distance > from) || direction.Y >= 0 || MathF.Abs(at.X) > 5 || MathF.Abs(at.Z) > 5) return false;
            meeting = new Meeting(distance, Vector3.UnitY);
            return true;
        }

        public override Vector2 TextureAt(Vector3 at, Vector3 normal) => new(0.5f - at.X / 10, 0.5f - at.Z / 10);
    }
}
