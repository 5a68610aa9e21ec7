namespace UnityEngine.Rendering
{
    public enum ShadowCastingMode
    {
        Off,
        On,
        TwoSided,
        ShadowsOnly,
    }
}
