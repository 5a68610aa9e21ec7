using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>The types that attributes name in their arguments. In a file they are text, so no table of references lists them.</summary>
internal static class AttributeTypes
{
    /// <summary>All of them in an assembly.</summary>
    public static IEnumerable<TypeReference> Of(AssemblyDefinition assembly) =>
        AttributeProviders.Of(assembly).Where(p => p.HasCustomAttributes).SelectMany(p => p.CustomAttributes).SelectMany(Of);

    private static IEnumerable<TypeReference> Of(CustomAttribute attribute) =>
        attribute.ConstructorArguments.Concat(attribute.Properties.Concat(attribute.Fields).Select(n => n.Argument)).SelectMany(Of);

    private static IEnumerable<TypeReference> Of(CustomAttributeArgument argument)
    {
        IEnumerable<TypeReference> inner = argument.Value switch
        {
            TypeReference type => Parts(type),
            CustomAttributeArgument boxed => Of(boxed),
            CustomAttributeArgument[] elements => elements.SelectMany(Of),
            _ => [],
        };
        return inner.Concat(Parts(argument.Type));
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
