using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cortado.Tests.Architecture;

/// <summary>A built assembly, read and not run: what it holds and what it refers to.</summary>
internal sealed class BuiltAssembly : IDisposable
{
    private readonly AssemblyDefinition _definition;

    public BuiltAssembly(System.Reflection.Assembly assembly) => _definition = AssemblyDefinition.ReadAssembly(assembly.Location);

    public IEnumerable<string> References => _definition.Modules.SelectMany(module => module.AssemblyReferences).Select(reference => reference.Name);

    /// <summary>Every type, nested and compiler-generated ones included.</summary>
    public IEnumerable<TypeDefinition> Types => _definition.Modules.SelectMany(module => module.GetTypes());

    public IEnumerable<MethodDefinition> Methods => Types.SelectMany(type => type.Methods);

    /// <summary>The names of all native modules that the assembly binds to.</summary>
    public IEnumerable<string> NativeModules => _definition.Modules.SelectMany(module => module.ModuleReferences).Select(module => module.Name);

    /// <summary>The namespaces and names of all types that the assembly's code refers to, its own included.</summary>
    public IEnumerable<(TypeDefinition From, TypeReference To)> Uses() => Types.SelectMany(type => UsedBy(type).Select(used => (type, used)));

    public void Dispose() => _definition.Dispose();

    /// <summary>The type's namespace; a nested type has that of the type around it.</summary>
    public static string NamespaceOf(TypeReference type)
    {
        while (type.DeclaringType != null) type = type.DeclaringType;
        return type.Namespace;
    }

    private static IEnumerable<TypeReference> UsedBy(TypeDefinition type)
    {
        var used = new HashSet<TypeReference>();
        Add(used, type.BaseType);
        foreach (InterfaceImplementation implemented in type.Interfaces) Add(used, implemented.InterfaceType);
        foreach (FieldDefinition field in type.Fields) Add(used, field.FieldType);
        foreach (MethodDefinition method in type.Methods)
        {
            Add(used, method);
            if (!method.HasBody) continue;
            foreach (VariableDefinition variable in method.Body.Variables) Add(used, variable.VariableType);
            foreach (Instruction instruction in method.Body.Instructions)
            {
                if (instruction.Operand is MethodReference called) Add(used, called);
                else if (instruction.Operand is FieldReference field) Add(used, field.DeclaringType, field.FieldType);
                else if (instruction.Operand is TypeReference mentioned) Add(used, mentioned);
            }
        }
        return used;
    }

    private static void Add(HashSet<TypeReference> used, MethodReference method)
    {
        Add(used, method.DeclaringType, method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters) Add(used, parameter.ParameterType);
        if (method is GenericInstanceMethod generic)
            foreach (TypeReference argument in generic.GenericArguments) Add(used, argument);
    }

    private static void Add(HashSet<TypeReference> used, params TypeReference?[] types)
    {
        foreach (TypeReference? type in types)
        {
            if (type is null or GenericParameter) continue;
            if (type is GenericInstanceType generic)
                foreach (TypeReference argument in generic.GenericArguments) Add(used, argument);
            if (type is TypeSpecification specification) Add(used, specification.ElementType);
            else used.Add(type);
        }
    }
}
