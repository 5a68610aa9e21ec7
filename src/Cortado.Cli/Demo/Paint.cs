using System.Numerics;

namespace Cortado.Cli.Demo;

/// <summary>The colour of a body's surface, before any light.</summary>
internal abstract class Paint
{
    /// <summary>The colour at a place in the body's own axes, each from -1 to 1.</summary>
    public abstract Vector3 At(Vector3 local);
}

/// <summary>One colour, or two that meet in a wavy seam, as on a toy ball.</summary>
internal sealed class BallPaint : Paint
{
    private readonly Vector3 _colour, _second;
    private readonly float _seam;

    public BallPaint(SceneRandom random, Vector3 colour)
    {
        _colour = colour;
        _second = random.Chance(0.3f) ? Vector3.Lerp(colour, random.Colour(0.1f, 0.8f, 0.3f, 0.95f), 0.35f) : colour;
        _seam = random.Between(-0.5f, 0.5f);
    }

    public override Vector3 At(Vector3 local) => local.Y > _seam + 0.2f * MathF.Sin(4 * local.X) ? _colour : _second;
}

/// <summary>Planks between the beams of a frame, as on a crate.</summary>
internal sealed class CratePaint : Paint
{
    private readonly Vector3 _beam, _plank, _gap;
    private readonly float _width, _planks;
    private readonly bool _brace;

    public CratePaint(SceneRandom random, Vector3 colour)
    {
        _beam = Vector3.Min(colour * random.Between(1.3f, 1.7f), Vector3.One);
        _plank = colour * random.Between(0.38f, 0.58f);
        _gap = colour * random.Between(0.05f, 0.2f);
        _width = random.Between(0.2f, 0.32f);
        _planks = random.Between(1.5f, 2.2f);
        _brace = random.Chance(0.5f);
    }

    public override Vector3 At(Vector3 local)
    {
        Vector3 a = Vector3.Abs(local);
        (float u, float v) = a.X >= a.Y && a.X >= a.Z ? (local.Y, local.Z) : a.Y >= a.Z ? (local.Z, local.X) : (local.X, local.Y);
        float edge = MathF.Max(MathF.Abs(u), MathF.Abs(v)), inside = 1 - _width;
        if (edge > inside) return edge < inside + 0.05f ? _gap : _beam;
        if (_brace && MathF.Abs(u - v) < _width * 1.2f) return MathF.Abs(u - v) > _width * 0.95f ? _gap : _beam;
        float plank = u * _planks;
        return MathF.Abs(plank - MathF.Round(plank)) > 0.38f ? _gap : _plank;
    }
}
