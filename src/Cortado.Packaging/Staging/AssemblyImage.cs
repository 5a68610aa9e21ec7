using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cortado.Packaging.Staging;

/// <summary>An assembly as the bytes of its file: the same for the same content, whenever and wherever it is made.</summary>
internal static class AssemblyImage
{
    /// <summary>Writes an assembly without references to assemblies and libraries that nothing in it uses any more, and its symbols where it has any.</summary>
    public static (byte[] Code, byte[]? Symbols) Of(AssemblyDefinition assembly, AssemblySet set)
    {
        // What is still referred to shows only in what is written, so it is written twice.
        (byte[] code, byte[]? symbols) = Write(assembly);
        using AssemblyDefinition again = AssemblyDefinition.ReadAssembly(new MemoryStream(code), Reading(set, symbols));
        ModuleDefinition module = again.MainModule;
        var used = module.GetTypeReferences().Concat(AttributeTypes.Of(again)).Select(t => t.Scope).OfType<AssemblyNameReference>()
            .Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (AssemblyNameReference reference in module.AssemblyReferences.Where(r => !used.Contains(r.Name)).ToArray()) module.AssemblyReferences.Remove(reference);
        var libraries = module.Types.SelectMany(AssemblySet.WithNested).SelectMany(t => t.Methods)
            .Where(m => m.HasPInvokeInfo).Select(m => m.PInvokeInfo.Module.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ModuleReference library in module.ModuleReferences.Where(r => !libraries.Contains(r.Name)).ToArray()) module.ModuleReferences.Remove(library);
        return Write(again);
    }

    /// <summary>How an assembly is read.</summary>
    /// <param name="set">Resolves its references.</param>
    /// <param name="symbols">Its portable PDB; null for none.</param>
    public static ReaderParameters Reading(AssemblySet set, byte[]? symbols)
    {
        var parameters = new ReaderParameters(ReadingMode.Immediate) { AssemblyResolver = set, InMemory = true };
        if (symbols is null) return parameters;
        (parameters.ReadSymbols, parameters.SymbolReaderProvider, parameters.SymbolStream) = (true, new PortablePdbReaderProvider(), new MemoryStream(symbols));
        return parameters;
    }

    private static (byte[] Code, byte[]? Symbols) Write(AssemblyDefinition assembly)
    {
        using MemoryStream code = new(), symbols = new();
        var parameters = new WriterParameters { DeterministicMvid = true, Timestamp = 0 };
        if (assembly.MainModule.HasSymbols) (parameters.WriteSymbols, parameters.SymbolWriterProvider, parameters.SymbolStream) = (true, new PortablePdbWriterProvider(), symbols);
        assembly.Write(code, parameters);
        return (code.ToArray(), parameters.WriteSymbols ? symbols.ToArray() : null);
    }
}
