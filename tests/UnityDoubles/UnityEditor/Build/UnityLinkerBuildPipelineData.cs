namespace UnityEditor.UnityLinker
{
    /// <summary>What the linker works on.</summary>
    public sealed class UnityLinkerBuildPipelineData
    {
        public readonly string inputDirectory;

        public UnityLinkerBuildPipelineData(string inputDirectory) => this.inputDirectory = inputDirectory;
    }
}
