using System.Numerics;

namespace Cortado.Cli.Demo;

/// <summary>The paint and shine of a body, and the light that falls on it: Lambert's diffuse term and Blinn's highlight.</summary>
internal sealed class Material
{
    private readonly Paint _paint;
    private readonly Vector3 _toLight;
    private readonly float _ambient, _diffuse, _specular, _shininess;

    public Material(SceneRandom random, Paint paint)
    {
        _paint = paint;
        _ambient = random.Between(0.25f, 0.45f);
        _diffuse = random.Between(0.65f, 0.9f);
        _specular = random.Between(0.1f, 0.5f);
        _shininess = random.Between(10, 50);
        _toLight = Vector3.Normalize(new Vector3(random.Between(-1.2f, 1.2f), random.Between(-1.3f, -0.3f), random.Between(-1.3f, -0.5f)));
    }

    /// <summary>Towards the light.</summary>
    public Vector3 ToLight => _toLight;

    /// <summary>The colour seen along <paramref name="direction"/>.</summary>
    public Vector3 Shade(in SurfacePoint point, Vector3 direction)
    {
        float lambert = MathF.Max(0, Vector3.Dot(point.Normal, _toLight));
        float highlight = MathF.Max(0, Vector3.Dot(point.Normal, Vector3.Normalize(_toLight - direction)));
        float shine = lambert > 0 ? _specular * MathF.Pow(highlight, _shininess) : 0;
        return _paint.At(point.Local) * (_ambient + _diffuse * lambert) + new Vector3(shine);
    }
}
