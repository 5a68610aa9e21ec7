namespace UnityEditor.Build
{
    /// <summary>Something that the build pipeline calls, in the order of these numbers.</summary>
    public interface IOrderedCallback
    {
        int callbackOrder { get; }
    }
}
