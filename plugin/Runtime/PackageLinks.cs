namespace Cortado.Unity
{
    internal static class PackageLinks
    {
        /// <summary>Where the package's pages lie: the documentationUrl of package.json.</summary>
        public const string Manual = "https://cortado.example/unity/0.1/";
    }
}
