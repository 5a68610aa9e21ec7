using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>
/// Lets every reference name the assembly that really has the type: netstandard where .NET Standard 2.1 has it, else one of the set. Packages built
/// for older standards refer to System.Memory, System.Buffers and the like, which an engine has under other versions or as mere forwards.
/// </summary>
internal static class Retargeting
{
    /// <summary>Retargets all references of an assembly.</summary>
    public static void Apply(AssemblyDefinition assembly, AssemblySet set)
    {
        ModuleDefinition module = assembly.MainModule;
        AssemblyNameReference standard = Reference(module, set.Standard);
        foreach (TypeReference type in module.GetTypeReferences().Concat(AttributeTypes.Of(assembly)).ToArray())
        {
            TypeReference outermost = Outermost(type);
            if (outermost.Scope is not AssemblyNameReference || outermost is TypeDefinition) continue;
            if (set.IsStandard(outermost.FullName)) outermost.Scope = standard;
            else if (set.Own(outermost) is { } own) outermost.Scope = own.Module == module ? module : Reference(module, own.Module.Assembly);
            // What is left is used by nothing that is kept, or it shows when the staged files are checked.
        }
    }

    private static TypeReference Outermost(TypeReference type)
    {
        TypeReference at = type.GetElementType();
        while (at.DeclaringType is not null) at = at.DeclaringType;
        return at;
    }

    private static AssemblyNameReference Reference(ModuleDefinition module, AssemblyDefinition to)
    {
        AssemblyNameReference? known = module.AssemblyReferences.FirstOrDefault(r => r.Name == to.Name.Name);
        if (known is null)
        {
            known = new AssemblyNameReference(to.Name.Name, to.Name.Version) { PublicKeyToken = to.Name.PublicKeyToken };
            module.AssemblyReferences.Add(known);
        }
        known.Version = to.Name.Version;
        return known;
    }
}
