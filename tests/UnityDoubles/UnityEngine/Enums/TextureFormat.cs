namespace UnityEngine
{
    public enum TextureFormat
    {
        Alpha8 = 1,
        RGB24 = 3,
        RGBA32 = 4,
        ARGB32 = 5,
        R16 = 9,
        BGRA32 = 14,
        RHalf = 15,
        RGBAHalf = 17,
        RFloat = 18,
        RGBAFloat = 20,
        R8 = 63,
    }
}
