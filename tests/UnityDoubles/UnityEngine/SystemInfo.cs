using UnityDoubles;

namespace UnityEngine
{
    public sealed class SystemInfo
    {
        public static bool supportsAsyncGPUReadback => PlayerLoop.Current.Gpu.SupportsReadback;
        public static bool graphicsUVStartsAtTop => false;
        public static int processorCount => System.Environment.ProcessorCount;
        public static string graphicsDeviceName => "Double";
        public static Rendering.GraphicsDeviceType graphicsDeviceType => PlayerLoop.Current.Gpu.DeviceType;
        public static int maxTextureSize => 16384;
    }
}
