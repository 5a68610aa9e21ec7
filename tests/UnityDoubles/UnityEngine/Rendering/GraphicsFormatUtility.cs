namespace UnityEngine.Experimental.Rendering
{
    public class GraphicsFormatUtility
    {
        public static bool IsSRGBFormat(GraphicsFormat format) =>
            format == GraphicsFormat.R8_SRGB || format == GraphicsFormat.R8G8B8_SRGB || format == GraphicsFormat.R8G8B8A8_SRGB || format == GraphicsFormat.B8G8R8A8_SRGB;
    }
}
