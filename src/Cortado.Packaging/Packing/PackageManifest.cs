using System.Text.Json;
using System.Xml.Linq;

namespace Cortado.Packaging.Packing;

/// <summary>What package.json says of the package.</summary>
/// <param name="Name">Its name among packages.</param>
/// <param name="Version">Its version, the one of all of Cortado.</param>
internal sealed record PackageManifest(string Name, string Version)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="PackagingException">It has another version than Directory.Build.props.</exception>
    public static PackageManifest Read(Repository repository)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(repository.Plugin, "package.json")));
        var manifest = new PackageManifest(json.RootElement.GetProperty("name").GetString()!, json.RootElement.GetProperty("version").GetString()!);
        string? version = XDocument.Load(Path.Combine(repository.Root, "Directory.Build.props")).Descendants("Version").FirstOrDefault()?.Value;
        if (manifest.Version != version)
            throw new PackagingException($"plugin/package.json has version {manifest.Version}, Directory.Build.props {version}; expected the same in both.");
        return manifest;
    }
}
