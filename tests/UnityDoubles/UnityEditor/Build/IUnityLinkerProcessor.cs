using UnityEditor.Build.Reporting;
using UnityEditor.UnityLinker;

namespace UnityEditor.Build
{
    /// <summary>Called before the linker strips a player's assemblies; names a further link.xml by its full path.</summary>
    public interface IUnityLinkerProcessor : IOrderedCallback
    {
        string GenerateAdditionalLinkXmlFile(BuildReport report, UnityLinkerBuildPipelineData data);
    }
}
