using UnityDoubles;

namespace UnityEngine
{
    public sealed class GL
    {
        /// <summary>Whether what is drawn into an sRGB target is encoded on the way.</summary>
        public static bool sRGBWrite { get => PlayerLoop.Current.Gpu.EncodesSrgb; set => PlayerLoop.Current.Gpu.EncodesSrgb = value; }
    }
}
