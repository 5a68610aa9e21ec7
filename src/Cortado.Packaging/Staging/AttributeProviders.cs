using Mono.Cecil;

namespace Cortado.Packaging.Staging;

/// <summary>Everything in an assembly that can carry attributes.</summary>
internal static class AttributeProviders
{
    /// <summary>The assembly, its module, and all types, members and parameters.</summary>
    public static IEnumerable<ICustomAttributeProvider> Of(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.SelectMany(AssemblySet.WithNested).SelectMany(Of).Prepend(assembly.MainModule).Prepend(assembly);

    private static IEnumerable<ICustomAttributeProvider> Of(TypeDefinition type)
    {
        yield return type;
        foreach (InterfaceImplementation implemented in type.Interfaces) yield return implemented;
        foreach (ICustomAttributeProvider generic in Of(type.GenericParameters)) yield return generic;
        foreach (FieldDefinition field in type.Fields) yield return field;
        foreach (PropertyDefinition property in type.Properties) yield return property;
        foreach (EventDefinition @event in type.Events) yield return @event;
        foreach (MethodDefinition method in type.Methods)
        {
            yield return method;
            yield return method.MethodReturnType;
            foreach (ParameterDefinition parameter in method.Parameters) yield return parameter;
            foreach (ICustomAttributeProvider generic in Of(method.GenericParameters)) yield return generic;
        }
    }

    private static IEnumerable<ICustomAttributeProvider> Of(IEnumerable<GenericParameter> parameters) =>
        parameters.SelectMany(p => p.Constraints.Cast<ICustomAttributeProvider>().Prepend(p));
}
