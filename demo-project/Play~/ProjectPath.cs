namespace Cortado.Demo.Play;

/// <summary>Where the repository's parts lie.</summary>
internal static class ProjectPath
{
    /// <summary>The repository: the folder above this program that has the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The demo project's assets.</summary>
    public static string Assets { get; } = Path.Combine(Root, "demo-project", "Assets");

    /// <summary>The engine package.</summary>
    public static string Package { get; } = Path.Combine(Root, "plugin");

    private static string FindRoot()
    {
        string? at = AppContext.BaseDirectory;
        while (at != null && !File.Exists(Path.Combine(at, "Plugin.sln"))) at = Path.GetDirectoryName(at);
        return at ?? throw new CortadoException($"{AppContext.BaseDirectory} does not lie in a checkout of the repository: there is no Plugin.sln above it.");
    }
}
