namespace UnityEngine
{
    public sealed class GUIStyle
    {
    }

    /// <summary>In the engine a ScriptableObject; no script here needs more of it than its styles.</summary>
    public sealed class GUISkin
    {
        public GUIStyle box { get; set; } = new GUIStyle();

        public GUIStyle label { get; set; } = new GUIStyle();
    }
}
