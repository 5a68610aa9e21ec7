namespace UnityDoubles
{
    /// <summary>What the engine tells scripts.</summary>
    public enum Message
    {
        Awake,
        OnEnable,
        Start,
        FixedUpdate,
        Update,
        LateUpdate,
        OnGUI,
        OnDisable,
        OnDestroy,
        OnApplicationQuit,
        OnValidate,
        Reset,
    }
}
