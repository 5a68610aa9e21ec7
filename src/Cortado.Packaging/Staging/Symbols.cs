using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cortado.Packaging.Staging;

/// <summary>Portable PDBs of our assemblies: with them an editor's console names file and line of what went wrong inside, and a debugger steps there.</summary>
internal static class Symbols
{
    /// <summary>What source paths begin with, in place of the folder of the machine that built.</summary>
    public const string SourceRoot = "/_/";

    /// <summary>Takes out what says where an assembly was built, and names that only a debugger's expressions need: they would refer to assemblies that are not staged.</summary>
    public static void Clean(AssemblyDefinition assembly)
    {
        ModuleDefinition module = assembly.MainModule;
        if (!module.HasSymbols) return;
        module.CustomDebugInformations.Clear();
        foreach (MethodDefinition method in module.Types.SelectMany(AssemblySet.WithNested).SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            if (method.DebugInformation.Scope is { } scope) WithoutImports(scope);
            foreach (SequencePoint point in method.DebugInformation.SequencePoints)
            {
                if (!point.Document.Url.StartsWith(SourceRoot, StringComparison.Ordinal)) point.Document.Url = FromRoot(point.Document.Url);
            }
        }
    }

    private static void WithoutImports(ScopeDebugInformation scope)
    {
        scope.Import = null;
        foreach (ScopeDebugInformation inner in scope.Scopes) WithoutImports(inner);
    }

    // Projects lie in src/ of the repository.
    private static string FromRoot(string path)
    {
        path = path.Replace('\\', '/');
        int at = path.LastIndexOf("/src/Cortado.", StringComparison.Ordinal);
        return SourceRoot + (at < 0 ? path[(path.LastIndexOf('/') + 1)..] : path[(at + 1)..]);
    }
}
