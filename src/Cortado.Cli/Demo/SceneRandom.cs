using System.Numerics;
using Cortado.Tensors;

namespace Cortado.Cli.Demo;

/// <summary>The random numbers of one image, one after another: a pure function of the demo's seed and the image's number.</summary>
internal sealed class SceneRandom(ulong seed, ulong image)
{
    private readonly CounterRandom _random = new(seed, image);
    private ulong _next;

    public float Uniform() => _random.Uniform(_next++);

    public float Between(float low, float high) => low + (high - low) * Uniform();

    public int Below(int range) => _random.Below(_next++, range);

    public bool Chance(float probability) => Uniform() < probability;

    /// <summary>A colour by hue, saturation and value, each in [0, 1] as red, green and blue are.</summary>
    public Vector3 Colour(float lowSaturation, float highSaturation, float lowValue, float highValue)
    {
        float hue = 6 * Uniform(), saturation = Between(lowSaturation, highSaturation), value = Between(lowValue, highValue);
        return value * (Vector3.One - saturation * (Vector3.One - Hue(hue)));
    }

    /// <summary>A rotation without a preferred direction: K. Shoemake, "Uniform random rotations" (Graphics Gems III, 1992).</summary>
    public Quaternion Rotation()
    {
        float u = Uniform(), a = 2 * MathF.PI * Uniform(), b = 2 * MathF.PI * Uniform();
        float r = MathF.Sqrt(1 - u), s = MathF.Sqrt(u);
        return new Quaternion(r * MathF.Sin(a), r * MathF.Cos(a), s * MathF.Sin(b), s * MathF.Cos(b));
    }

    private static Vector3 Hue(float hue) => Vector3.Clamp(
        new Vector3(MathF.Abs(hue - 3) - 1, 2 - MathF.Abs(hue - 2), 2 - MathF.Abs(hue - 4)), Vector3.Zero, Vector3.One);
}
