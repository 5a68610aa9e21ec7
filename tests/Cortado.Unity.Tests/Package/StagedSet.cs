using Cortado.Packaging;
using Cortado.Packaging.Staging;
using Cortado.Tests;
using Mono.Cecil;

namespace Cortado.Unity.Tests.Package;

/// <summary>The assemblies in plugin/Runtime/Plugins, as the build left them.</summary>
internal static class StagedSet
{
    public static Repository Repository { get; } = new(GoldenFolder.Repository);

    public static IReadOnlyList<string> Files { get; } =
        Directory.EnumerateFiles(Repository.StagedAssemblies, "*.dll").Order(StringComparer.Ordinal).ToArray();

    /// <summary>All that the build leaves there: assemblies, symbols, documentation.</summary>
    public static IReadOnlyList<string> All { get; } =
        Directory.EnumerateFiles(Repository.StagedAssemblies).Where(f => StagedFolder.Endings.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal).ToArray();

    /// <summary>Reads them anew; nothing but themselves and netstandard.dll 2.1 can be found from them.</summary>
    public static AssemblySet Read() => AssemblySet.Read(Files, StagedAssemblies.Standard);

    public static IEnumerable<MethodDefinition> Methods(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.SelectMany(AssemblySet.WithNested).SelectMany(t => t.Methods);
}
