namespace UnityEngine
{
    public enum LightShadows
    {
        None,
        Hard,
        Soft,
    }
}
