namespace UnityEngine.Experimental.Rendering
{
    public enum GraphicsFormat
    {
        None = 0,
        R8_SRGB = 1,
        R8G8B8_SRGB = 3,
        R8G8B8A8_SRGB = 4,
        R8_UNorm = 5,
        R8G8B8_UNorm = 7,
        R8G8B8A8_UNorm = 8,
        R16G16B16A16_SFloat = 48,
        R32G32B32A32_SFloat = 52,
        B8G8R8A8_SRGB = 57,
        B8G8R8A8_UNorm = 59,
    }
}
