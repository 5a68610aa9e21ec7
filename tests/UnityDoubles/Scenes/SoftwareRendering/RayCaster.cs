using System.Numerics;

namespace UnityDoubles.SoftwareRendering;

/// <summary>
/// Renders a stage by one ray a pixel, and four more where neighbouring pixels show different things, so that edges are smooth.
/// The same stage gives the same bytes always. One picture at a time: it keeps its buffers.
/// </summary>
public sealed class RayCaster
{
    private const float Skin = 1e-3f;

    private Hit[] _hits = [];
    private Window[] _windows = [];
    private int _count;

    private readonly record struct Hit(int Prop, float Distance, Vector3 Normal)
    {
        public static Hit Nothing => new(-1, float.PositiveInfinity, default);
    }

    private readonly record struct Window(int Prop, int Left, int Right, int Low, int High);

    /// <summary>Renders into <paramref name="rgb"/>: three bytes a pixel, rows from the bottom as the engine's textures have them.</summary>
    public void Render(Stage stage, in Viewpoint view, int width, int height, Span<byte> rgb)
    {
        if (_hits.Length < width * height) _hits = new Hit[width * height];
        Array.Fill(_hits, Hit.Nothing, 0, width * height);
        FindWindows(stage, view, width, height);
        for (int i = 0; i < _count; i++) Cast(stage, view, width, height, _windows[i]);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                Vector3 color = OnEdge(x, y, width, height) ? Smooth(stage, view, width, height, x, y) : Shade(stage, view, _hits[y * width + x], X(x + 0.5f, width), X(y + 0.5f, height));
                Store(color, rgb[(3 * (y * width + x))..]);
            }
    }

    private static float X(float pixel, int size) => pixel / size * 2 - 1;

    private static void Store(Vector3 color, Span<byte> rgb)
    {
        Vector3 c = Vector3.Clamp(color, Vector3.Zero, Vector3.One) * 255 + new Vector3(0.5f);
        rgb[0] = (byte)c.X;
        rgb[1] = (byte)c.Y;
        rgb[2] = (byte)c.Z;
    }

    private void FindWindows(Stage stage, in Viewpoint view, int width, int height)
    {
        if (_windows.Length < stage.Props.Count) _windows = new Window[stage.Props.Count];
        _count = 0;
        for (int i = 0; i < stage.Props.Count; i++)
        {
            Prop prop = stage.Props[i];
            if (!view.Bounds(prop.Centre, prop.Reach, out Vector2 low, out Vector2 high)) continue;
            _windows[_count++] = new Window(i,
                Math.Max(0, (int)((low.X + 1) / 2 * width) - 1), Math.Min(width - 1, (int)((high.X + 1) / 2 * width) + 1),
                Math.Max(0, (int)((low.Y + 1) / 2 * height) - 1), Math.Min(height - 1, (int)((high.Y + 1) / 2 * height) + 1));
        }
    }

    private void Cast(Stage stage, in Viewpoint view, int width, int height, Window window)
    {
        Prop prop = stage.Props[window.Prop];
        Viewpoint local = view.In(prop.ToLocal);
        for (int y = window.Low; y <= window.High; y++)
            for (int x = window.Left; x <= window.Right; x++)
            {
                local.Ray(X(x + 0.5f, width), X(y + 0.5f, height), out Vector3 origin, out Vector3 direction);
                if (prop.Solid.Meet(origin, direction, view.Near, out Meeting meeting) && meeting.Distance < _hits[y * width + x].Distance)
                    _hits[y * width + x] = new Hit(window.Prop, meeting.Distance, meeting.Normal);
            }
    }

    private bool OnEdge(int x, int y, int width, int height)
    {
        ref readonly Hit here = ref _hits[y * width + x];
        return (x > 0 && Differ(here, _hits[y * width + x - 1])) || (x + 1 < width && Differ(here, _hits[y * width + x + 1]))
            || (y > 0 && Differ(here, _hits[(y - 1) * width + x])) || (y + 1 < height && Differ(here, _hits[(y + 1) * width + x]));
    }

    // Another prop, or another face of the same.
    private static bool Differ(in Hit a, in Hit b) => a.Prop != b.Prop || (a.Prop >= 0 && Vector3.Dot(a.Normal, b.Normal) < 0.6f);

    private Vector3 Smooth(Stage stage, in Viewpoint view, int width, int height, int x, int y)
    {
        Vector3 sum = Vector3.Zero;
        for (int ray = 0; ray < 4; ray++)
        {
            float px = X(x + 0.25f + 0.5f * (ray & 1), width), py = X(y + 0.25f + 0.5f * (ray >> 1), height);
            view.Ray(px, py, out Vector3 origin, out Vector3 direction);
            Hit hit = Hit.Nothing;
            for (int i = 0; i < _count; i++)
            {
                ref readonly Window window = ref _windows[i];
                if (x < window.Left || x > window.Right || y < window.Low || y > window.High) continue;
                if (stage.Props[window.Prop].Meet(origin, direction, view.Near, out Meeting meeting) && meeting.Distance < hit.Distance)
                    hit = new Hit(window.Prop, meeting.Distance, meeting.Normal);
            }
            sum += Shade(stage, view, hit, px, py);
        }
        return sum / 4;
    }

    private static Vector3 Shade(Stage stage, in Viewpoint view, in Hit hit, float x, float y)
    {
        if (hit.Prop < 0) return Vector3.Lerp(stage.SkyBelow, stage.SkyAbove, (y + 1) / 2);
        Prop prop = stage.Props[hit.Prop];
        Surface surface = prop.Surface;
        view.Ray(x, y, out Vector3 origin, out Vector3 direction);
        Vector3 at = origin + direction * hit.Distance, normal = prop.NormalToWorld(hit.Normal);
        Vector3 paint = surface.Texture == null ? surface.Color : surface.At(prop.Solid.TextureAt(Vector3.Transform(at, prop.ToLocal), hit.Normal));
        if (!surface.Lit) return paint + surface.Emission;
        Vector3 color = paint * stage.Ambient + surface.Emission;
        foreach (Sunlight light in stage.Lights)
        {
            float lambert = -Vector3.Dot(normal, light.Direction);
            if (lambert <= 0) continue;
            float share = light.ShadowStrength > 0 && InShadow(stage, at + normal * Skin, -light.Direction) ? 1 - light.ShadowStrength : 1;
            color += paint * light.Color * (lambert * share);
            if (surface.Smoothness > 0 && share == 1) color += light.Color * Highlight(surface.Smoothness, normal, Vector3.Normalize(direction), light.Direction);
        }
        return color;
    }

    /// <summary>Blinn's highlight; the smoother, the tighter and the brighter.</summary>
    private static float Highlight(float smoothness, Vector3 normal, Vector3 look, Vector3 light)
    {
        float along = MathF.Max(0, Vector3.Dot(normal, Vector3.Normalize(-look - light)));
        return 0.5f * smoothness * MathF.Pow(along, MathF.Exp(6 * smoothness));
    }

    private static bool InShadow(Stage stage, Vector3 at, Vector3 toLight)
    {
        List<Prop> props = stage.Props;
        for (int i = 0; i < props.Count; i++)
        {
            Prop prop = props[i];
            if (!prop.CastsShadow) continue;
            Vector3 to = prop.Centre - at;
            float along = Vector3.Dot(to, toLight);
            if (along < -prop.Reach || to.LengthSquared() - along * along > prop.Reach * prop.Reach) continue;
            if (prop.Meet(at, toLight, 0, out _)) return true;
        }
        return false;
    }
}
