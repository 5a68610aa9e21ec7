using System.Numerics;
using UnityDoubles.SoftwareRendering;

namespace Cortado.Unity.Tests.Demo;

/// <summary>The software renderer draws what geometry says.</summary>
public sealed class RendererTests
{
    private static readonly Viewpoint Ahead = new() { Position = default, Right = Vector3.UnitX, Up = Vector3.UnitY, Forward = Vector3.UnitZ, HalfHeight = MathF.Tan(MathF.PI / 8), Aspect = 1, Near = 0.1f };

    private readonly RayCaster _caster = new();

    [Theory]
    [InlineData(4f)]
    [InlineData(9f)]
    public void A_ball_covers_the_cone_of_its_tangents(float distance)
    {
        // Seen from distance d, a ball of radius r fills the cone of half angle asin(r / d): on a picture plane at 1, a circle of radius tan(asin(r / d)).
        const int Size = 160;
        float radius = MathF.Tan(MathF.Asin(0.5f / distance)) / Ahead.HalfHeight * Size / 2;
        byte[] picture = Render(Size, new Prop(Solid.Sphere, Matrix4x4.CreateTranslation(0, 0, distance), White));
        float area = picture.Sum(value => value / 255f) / 3;
        Assert.InRange(area, MathF.PI * radius * radius * 0.985f, MathF.PI * radius * radius * 1.015f);
    }

    [Fact]
    public void A_turned_and_stretched_cube_is_as_wide_as_its_corners()
    {
        // Turned by 45 degrees, a cube's silhouette is its diagonal; orthographic, so that no distance matters.
        const int Size = 200;
        Viewpoint flat = Ahead with { Orthographic = true, HalfHeight = 2 };
        Matrix4x4 place = Matrix4x4.CreateScale(1, 2, 1) * Matrix4x4.CreateRotationY(MathF.PI / 4) * Matrix4x4.CreateTranslation(0, 0, 5);
        byte[] picture = Render(Size, new Prop(Solid.Cube, place, White), flat);
        float area = picture.Sum(value => value / 255f) / 3;
        Assert.Equal(MathF.Sqrt(2) * 2 * (Size / 4f) * (Size / 4f), area, 40f);
    }

    [Fact]
    public void What_is_nearer_hides_what_is_behind_it()
    {
        byte[] picture = Render(9,
            new Prop(Solid.Cube, Matrix4x4.CreateTranslation(0, 0, 4), new Surface { Lit = false, Color = new Vector3(1, 0, 0) }),
            new Prop(Solid.Cube, Matrix4x4.CreateScale(3) * Matrix4x4.CreateTranslation(0, 0, 8), new Surface { Lit = false, Color = new Vector3(0, 1, 0) }));
        Assert.Equal([255, 0, 0], picture[(3 * (4 * 9 + 4))..(3 * (4 * 9 + 4) + 3)]);
        Assert.Equal([0, 255, 0], picture[(3 * (4 * 9 + 2))..(3 * (4 * 9 + 2) + 3)]);
    }

    [Fact]
    public void A_face_is_as_bright_as_the_cosine_of_its_light()
    {
        var stage = new Stage { Ambient = new Vector3(0.2f) };
        // The light comes from behind the camera, 60 degrees off the normal of the face that it sees.
        stage.Lights.Add(new Sunlight(new Vector3(MathF.Sin(MathF.PI / 3), 0, MathF.Cos(MathF.PI / 3)), new Vector3(0.6f), 0));
        stage.Props.Add(new Prop(Solid.Cube, Matrix4x4.CreateScale(4) * Matrix4x4.CreateTranslation(0, 0, 6), new Surface()));
        byte[] picture = new byte[3];
        _caster.Render(stage, Ahead, 1, 1, picture);
        Assert.Equal((0.2f + 0.6f * 0.5f) * 255, picture[0], 1f);
    }

    [Fact]
    public void A_shadow_falls_where_the_light_is_blocked()
    {
        var stage = new Stage { Ambient = new Vector3(0.25f) };
        stage.Lights.Add(new Sunlight(-Vector3.UnitY, new Vector3(0.5f), 1));
        stage.Props.Add(new Prop(Solid.Plane, Matrix4x4.CreateTranslation(0, -1, 5), new Surface()));
        stage.Props.Add(new Prop(Solid.Sphere, Matrix4x4.CreateTranslation(0, 1.5f, 5), new Surface()));
        Viewpoint down = Ahead with { Position = new Vector3(0, 0.4f, 5), Right = Vector3.UnitX, Up = Vector3.UnitZ, Forward = -Vector3.UnitY };
        byte[] picture = new byte[3 * 31 * 31];
        _caster.Render(stage, down, 31, 31, picture);
        Assert.Equal(0.25f * 255, picture[3 * (15 * 31 + 15)], 1f);
        Assert.Equal(0.75f * 255, picture[0], 1f);
    }

    [Fact]
    public void A_texture_stands_upright_and_a_picture_is_the_same_twice()
    {
        // Two rows: the lower black, the upper white.
        var halves = new TexturePixels([Vector3.Zero, Vector3.One], 1, 2);
        var quad = new Prop(Solid.Quad, Matrix4x4.CreateTranslation(0, 0, 1.5f), new Surface { Lit = false, Texture = halves });
        byte[] picture = Render(21, quad);
        // A quarter of the way from each edge, where the texture's own rows are.
        Assert.True(picture[3 * (7 * 21 + 10)] < 60);
        Assert.True(picture[3 * (13 * 21 + 10)] > 195);
        Assert.Equal(picture, Render(21, quad));
    }

    private static Surface White => new() { Lit = false };

    private byte[] Render(int size, params Prop[] props) => Render(size, props, Ahead);

    private byte[] Render(int size, Prop prop, in Viewpoint view) => Render(size, [prop], view);

    private byte[] Render(int size, Prop[] props, in Viewpoint view)
    {
        var stage = new Stage();
        stage.Props.AddRange(props);
        byte[] rgb = new byte[3 * size * size];
        _caster.Render(stage, view, size, size, rgb);
        return rgb;
    }
}
