using UnityDoubles;

namespace UnityEngine
{
    public sealed class QualitySettings : Object
    {
        public static ColorSpace activeColorSpace => PlayerLoop.Current.Gpu.ColorSpace;

        public static int vSyncCount { get; set; }
    }
}
