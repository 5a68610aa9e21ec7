namespace Cortado.Unity
{
    internal static class PackageLinks
    {
        /// <summary>Where the package's pages lie, as in package.json. To be set in both before it is published: no such site is there yet.</summary>
        public const string Manual = "https://cortado.example/unity/0.1/";
    }
}
