using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>The assemblies of the package, made from the netstandard2.1 builds and the packages that these depend on.</summary>
internal static class StagedAssemblies
{
    // These find their own members by reflection, so that what they need cannot be told from what they call.
    private static readonly string[] ThirdPartyKeptWhole = ["Google.Protobuf", "StbImageSharp"];

    /// <summary>The file of netstandard.dll 2.1 that comes with this tool.</summary>
    public static string Standard => Path.Combine(AppContext.BaseDirectory, "ref", "netstandard.dll");

    /// <summary>Makes them, and the symbols and the documentation of our own.</summary>
    /// <param name="folder">Where the builds lie with all that they depend on.</param>
    /// <returns>Each file's name and content, in ordinal order.</returns>
    public static IReadOnlyList<(string Name, byte[] Content)> Make(string folder)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*.dll").Where(f => Path.GetFileName(f) != "Cortado.Staging.dll");
        using AssemblySet set = AssemblySet.Read(files, Standard);
        Reachability reached = new Reachability(set, IsWhole).Mark();
        Sweep.Apply(set, reached, set.Assemblies.Where(a => !IsWhole(a)).ToArray());
        foreach (AssemblyDefinition assembly in set.Assemblies)
        {
            Symbols.Clean(assembly);
            Retargeting.Apply(assembly, set);
        }
        Renaming.Apply(set);
        return set.Assemblies.SelectMany(a => Files(a, set, folder)).OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
    }

    private static IEnumerable<(string Name, byte[] Content)> Files(AssemblyDefinition assembly, AssemblySet set, string folder)
    {
        string name = assembly.Name.Name;
        (byte[] code, byte[]? symbols) = AssemblyImage.Of(assembly, set);
        yield return (name + ".dll", code);
        if (symbols is not null) yield return (name + ".pdb", symbols);
        if (Renaming.IsOurs(assembly)) yield return (name + ".xml", AssemblyDocumentation.Of(assembly, Path.Combine(folder, name + ".xml")));
    }

    private static bool IsWhole(AssemblyDefinition assembly) =>
        Renaming.IsOurs(assembly) || ThirdPartyKeptWhole.Contains(assembly.Name.Name, StringComparer.Ordinal);
}
