namespace UnityEditor.Build.Reporting
{
    /// <summary>What a build did. Nothing of it is used here.</summary>
    public sealed class BuildReport : UnityEngine.Object
    {
    }
}
