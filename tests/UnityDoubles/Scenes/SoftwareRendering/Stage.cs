using System.Numerics;

namespace UnityDoubles.SoftwareRendering;

/// <summary>A solid in the world.</summary>
public sealed class Prop
{
    /// <summary>Places a solid. The matrix takes its space to the world's, vectors standing to the left as in System.Numerics.</summary>
    public Prop(Solid solid, Matrix4x4 toWorld, Surface surface, bool castsShadow = true)
    {
        if (!Matrix4x4.Invert(toWorld, out Matrix4x4 toLocal)) toLocal = default;
        Solid = solid;
        Surface = surface;
        CastsShadow = castsShadow;
        ToWorld = toWorld;
        ToLocal = toLocal;
        Centre = toWorld.Translation;
        Vector3 e = solid.Extents;
        Reach = new Vector3(Row(toWorld, 0).Length() * e.X, Row(toWorld, 1).Length() * e.Y, Row(toWorld, 2).Length() * e.Z).Length();
    }

    public Solid Solid { get; }

    public Surface Surface { get; }

    public bool CastsShadow { get; }

    public Matrix4x4 ToWorld { get; }

    public Matrix4x4 ToLocal { get; }

    /// <summary>The middle of the solid, in the world.</summary>
    public Vector3 Centre { get; }

    /// <summary>The radius of a ball around the whole solid.</summary>
    public float Reach { get; }

    /// <summary>Where a ray in the world first meets the solid; distances are in lengths of the direction.</summary>
    public bool Meet(Vector3 origin, Vector3 direction, float from, out Meeting meeting) =>
        Solid.Meet(Vector3.Transform(origin, ToLocal), Vector3.TransformNormal(direction, ToLocal), from, out meeting);

    /// <summary>A normal of the solid's own space in the world: by the transposed inverse, since it is no direction along the surface.</summary>
    public Vector3 NormalToWorld(Vector3 n) => Vector3.Normalize(new Vector3(
        Vector3.Dot(n, Row(ToLocal, 0)), Vector3.Dot(n, Row(ToLocal, 1)), Vector3.Dot(n, Row(ToLocal, 2))));

    private static Vector3 Row(in Matrix4x4 m, int row) => row switch
    {
        0 => new Vector3(m.M11, m.M12, m.M13),
        1 => new Vector3(m.M21, m.M22, m.M23),
        _ => new Vector3(m.M31, m.M32, m.M33),
    };
}

/// <summary>A light from far away.</summary>
/// <param name="Direction">Where it shines, length 1.</param>
/// <param name="Color">Its colour times its intensity.</param>
/// <param name="ShadowStrength">How much of it a shadow takes away; 0 for no shadows.</param>
public readonly record struct Sunlight(Vector3 Direction, Vector3 Color, float ShadowStrength);

/// <summary>All that a camera may see.</summary>
public sealed class Stage
{
    public List<Prop> Props { get; } = [];

    public List<Sunlight> Lights { get; } = [];

    /// <summary>Light that comes from everywhere.</summary>
    public Vector3 Ambient { get; set; }

    /// <summary>What is seen where there is nothing, at the picture's top.</summary>
    public Vector3 SkyAbove { get; set; }

    /// <summary>What is seen where there is nothing, at the picture's foot.</summary>
    public Vector3 SkyBelow { get; set; }
}
