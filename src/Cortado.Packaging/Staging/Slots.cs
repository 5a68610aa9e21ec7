using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>Which virtual methods a method may stand for.</summary>
internal static class Slots
{
    /// <summary>
    /// The methods of base types and interfaces that a method may override or implement, by name and number of parameters: one too many is kept
    /// rather than one too few. Methods of the framework are among them.
    /// </summary>
    public static IEnumerable<MethodDefinition> FilledBy(MethodDefinition method, AssemblySet set)
    {
        foreach (MethodReference overridden in method.Overrides)
        {
            if (set.Definition(overridden.DeclaringType) is not { } owner) continue;
            foreach (MethodDefinition candidate in Candidates(owner, overridden.Name, overridden.Parameters.Count)) yield return candidate;
        }
        foreach (TypeDefinition above in Above(method.DeclaringType, set))
        {
            foreach (MethodDefinition candidate in Candidates(above, method.Name, method.Parameters.Count)) yield return candidate;
        }
    }

    private static IEnumerable<MethodDefinition> Candidates(TypeDefinition type, string name, int parameters) =>
        type.Methods.Where(m => m.IsVirtual && m.Name == name && m.Parameters.Count == parameters);

    private static IEnumerable<TypeDefinition> Above(TypeDefinition type, AssemblySet set)
    {
        IEnumerable<TypeReference> direct = type.Interfaces.Select(i => i.InterfaceType);
        if (type.BaseType is not null) direct = direct.Append(type.BaseType);
        return direct.Select(set.Definition).OfType<TypeDefinition>().SelectMany(above => Above(above, set).Prepend(above));
    }
}
