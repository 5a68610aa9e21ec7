using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>An assembly as the bytes of its file: the same for the same content, whenever and wherever it is made.</summary>
internal static class AssemblyImage
{
    /// <summary>Writes an assembly without references to assemblies and libraries that nothing in it uses any more.</summary>
    public static byte[] Of(AssemblyDefinition assembly, AssemblySet set)
    {
        // What is still referred to shows only in what is written, so it is written twice.
        using AssemblyDefinition again = AssemblyDefinition.ReadAssembly(
            new MemoryStream(Write(assembly)), new ReaderParameters(ReadingMode.Immediate) { AssemblyResolver = set });
        ModuleDefinition module = again.MainModule;
        var used = module.GetTypeReferences().Concat(AttributeTypes.Of(again)).Select(t => t.Scope).OfType<AssemblyNameReference>()
            .Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (AssemblyNameReference reference in module.AssemblyReferences.Where(r => !used.Contains(r.Name)).ToArray()) module.AssemblyReferences.Remove(reference);
        var libraries = module.Types.SelectMany(AssemblySet.WithNested).SelectMany(t => t.Methods)
            .Where(m => m.HasPInvokeInfo).Select(m => m.PInvokeInfo.Module.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ModuleReference library in module.ModuleReferences.Where(r => !libraries.Contains(r.Name)).ToArray()) module.ModuleReferences.Remove(library);
        return Write(again);
    }

    private static byte[] Write(AssemblyDefinition assembly)
    {
        using var stream = new MemoryStream();
        assembly.Write(stream, new WriterParameters { DeterministicMvid = true, Timestamp = 0 });
        return stream.ToArray();
    }
}
