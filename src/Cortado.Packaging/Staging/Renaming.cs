using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>
/// Gives third-party assemblies names of our own, so that a project may hold its own copy of any of them: an engine refuses two assemblies of one
/// name. Strong names go, for all alike: a renamed assembly cannot keep its signature, and a signed one may not refer to an unsigned one.
/// </summary>
internal static class Renaming
{
    /// <summary>What a third-party assembly's new name begins with.</summary>
    public const string Prefix = "Cortado.ThirdParty.";

    /// <summary>Whether an assembly is one of ours.</summary>
    public static bool IsOurs(AssemblyDefinition assembly) =>
        assembly.Name.Name.StartsWith("Cortado.", StringComparison.Ordinal) && !assembly.Name.Name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Renames the set's third-party assemblies, in themselves and in all that refer to them.</summary>
    public static void Apply(AssemblySet set)
    {
        AssemblyDefinition[] assemblies = set.Assemblies.ToArray();
        var names = assemblies.Where(a => !IsOurs(a)).ToDictionary(a => a.Name.Name, a => Prefix + a.Name.Name, StringComparer.Ordinal);
        var staged = assemblies.Select(a => a.Name.Name).ToHashSet(StringComparer.Ordinal);
        foreach (AssemblyDefinition assembly in assemblies)
        {
            foreach (AssemblyNameReference reference in assembly.MainModule.AssemblyReferences.Where(r => staged.Contains(r.Name)))
            {
                reference.Name = names.GetValueOrDefault(reference.Name, reference.Name);
                reference.PublicKeyToken = [];
            }
            RenameFriends(assembly, names);
            Unsign(assembly);
            if (!names.TryGetValue(assembly.Name.Name, out string? name)) continue;
            assembly.Name.Name = name;
            assembly.MainModule.Name = name + ".dll";
        }
    }

    private static void Unsign(AssemblyDefinition assembly)
    {
        assembly.Name.PublicKey = [];
        assembly.Name.HasPublicKey = false;
        assembly.MainModule.Attributes &= ~ModuleAttributes.StrongNameSigned;
    }

    /// <summary>A third-party assembly's friends are its own tests, which are not here, or others of the set, under their new names.</summary>
    private static void RenameFriends(AssemblyDefinition assembly, Dictionary<string, string> names)
    {
        if (IsOurs(assembly)) return;
        foreach (CustomAttribute attribute in assembly.CustomAttributes.ToArray())
        {
            if (attribute.AttributeType.Name != "InternalsVisibleToAttribute") continue;
            string friend = ((string)attribute.ConstructorArguments[0].Value).Split(',')[0].Trim();
            if (names.TryGetValue(friend, out string? renamed))
            {
                attribute.ConstructorArguments[0] = new CustomAttributeArgument(attribute.ConstructorArguments[0].Type, renamed);
            }
            else
            {
                assembly.CustomAttributes.Remove(attribute);
            }
        }
    }
}
