using System.IO;
using UnityEditor;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEditor.UnityLinker;

namespace Cortado.Unity.Editor
{
    /// <summary>
    /// Hands the package's link.xml to the linker of players. The linker looks for such files in a project's Assets only; one that lies in a package
    /// has to be named to it.
    /// </summary>
    internal sealed class LinkRules : IUnityLinkerProcessor
    {
        private const string Rules = "Packages/com.cortado.unity/Runtime/link.xml";

        public int callbackOrder => 0;

        // The linker is a program of its own: it knows no path of the editor's.
        public string GenerateAdditionalLinkXmlFile(BuildReport report, UnityLinkerBuildPipelineData data) => Path.GetFullPath(FileUtil.GetPhysicalPath(Rules));
    }
}
