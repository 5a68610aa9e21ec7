namespace UnityEngine
{
    public enum RenderTextureFormat
    {
        ARGB32 = 0,
        Depth = 1,
        ARGBHalf = 2,
        Default = 7,
        DefaultHDR = 9,
        ARGBFloat = 11,
        R8 = 16,
        BGRA32 = 20,
    }
}
