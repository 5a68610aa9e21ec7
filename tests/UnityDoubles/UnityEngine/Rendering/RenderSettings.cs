using UnityDoubles;
using UnityEngine.Rendering;

namespace UnityEngine
{
    public sealed class RenderSettings
    {
        public static AmbientMode ambientMode { get => PlayerLoop.Current.Ambient.Mode; set => PlayerLoop.Current.Ambient.Mode = value; }

        public static Color ambientLight { get => PlayerLoop.Current.Ambient.Light; set => PlayerLoop.Current.Ambient.Light = value; }
    }
}

namespace UnityEngine.Rendering
{
    public enum AmbientMode
    {
        Skybox = 0,
        Trilight = 1,
        Flat = 3,
        Custom = 4,
    }
}

namespace UnityDoubles
{
    /// <summary>The scene's light from everywhere.</summary>
    internal sealed class AmbientSettings
    {
        public UnityEngine.Rendering.AmbientMode Mode { get; set; }

        public UnityEngine.Color Light { get; set; } = new UnityEngine.Color(0.212f, 0.227f, 0.259f, 1);
    }
}
