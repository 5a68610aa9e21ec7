using Mono.Cecil;

namespace Cortado.Unity.Tests.Package;

/// <summary>
/// Debian builds Mono's class library with mcs, which leaves the modifier out of the results that C# calls "ref readonly": code of any other
/// compiler then finds no ReadOnlySpan indexer there ("Method not found: !0 modreq(InAttribute)&amp; ..."). Mono's own builds, the engine's among them, have
/// it. For a test on Debian's Mono the modifier is taken out of calls into the class library, and nothing else is changed.
/// </summary>
internal static class McsModifiers
{
    /// <summary>Takes the modifier out of all assemblies of a folder.</summary>
    public static void Remove(string folder)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(folder, "*.dll").ToArray())
        {
            using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(file, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
            IEnumerable<MethodReference> calls = assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody)
                .SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MethodReference>();
            foreach (MethodReference method in calls)
            {
                if (method.ReturnType is RequiredModifierType { ModifierType.Name: "InAttribute" } result && IsLibrary(method.DeclaringType.GetElementType())) method.ReturnType = result.ElementType;
            }
            assembly.Write(file);
        }
    }

    private static bool IsLibrary(TypeReference type) => type.Scope.Name is "netstandard" or "mscorlib";
}
