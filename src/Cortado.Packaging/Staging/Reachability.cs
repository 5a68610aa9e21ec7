using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cortado.Packaging.Staging;

/// <summary>
/// What can be reached from the assemblies that are kept whole. Of the others only that is staged: a library that also emits code at run
/// time, reads JSON or looks into package folders brings none of it into the engine when nobody here calls it.
/// </summary>
internal sealed class Reachability(AssemblySet set, Func<AssemblyDefinition, bool> isWhole)
{
    private readonly HashSet<TypeDefinition> _types = [];
    private readonly HashSet<MethodDefinition> _methods = [];
    private readonly HashSet<FieldDefinition> _fields = [];
    private readonly Queue<Action> _work = new();

    /// <summary>Follows every reference from the whole assemblies until nothing new turns up.</summary>
    public Reachability Mark()
    {
        foreach (TypeDefinition type in set.Assemblies.Where(isWhole).SelectMany(a => a.MainModule.Types)) MarkWhole(type);
        do
        {
            while (_work.TryDequeue(out Action? next)) next();
            foreach (TypeDefinition type in _types.ToArray()) MarkOverrides(type);
        }
        while (_work.Count > 0);
        return this;
    }

    /// <summary>Whether a type is reached.</summary>
    public bool Has(TypeDefinition type) => _types.Contains(type);

    /// <summary>Whether a method is reached, or is of an assembly that is kept whole.</summary>
    public bool Has(MethodDefinition method) => _methods.Contains(method);

    /// <summary>Whether a field is reached.</summary>
    public bool Has(FieldDefinition field) => _fields.Contains(field);

    /// <summary>Whether a method is the framework's.</summary>
    public bool IsFramework(MethodDefinition method) => method.Module.Assembly == set.Standard;

    /// <summary>Whether an attribute goes with what it stands on: attributes that only compilers and debuggers of the library's own makers read do not.</summary>
    public bool Keeps(CustomAttribute attribute)
    {
        TypeDefinition? own = set.Own(attribute.AttributeType);
        if (own is not null && !isWhole(own.Module.Assembly)) return own.Name is "IsReadOnlyAttribute" or "IsByRefLikeAttribute" or "IsUnmanagedAttribute";
        return attribute.AttributeType.Namespace is not ("System.Diagnostics" or "System.Diagnostics.CodeAnalysis" or "System.ComponentModel");
    }

    private void MarkWhole(TypeDefinition type)
    {
        Mark(type);
        foreach (FieldDefinition field in type.Fields) Mark(field);
        foreach (MethodDefinition method in type.Methods) Mark(method);
        foreach (TypeDefinition nested in type.NestedTypes) MarkWhole(nested);
    }

    private void Mark(TypeReference? reference)
    {
        if (reference is null) return;
        switch (reference)
        {
            case GenericInstanceType generic:
                foreach (TypeReference argument in generic.GenericArguments) Mark(argument);
                break;
            case IModifierType modifier:
                Mark(modifier.ModifierType);
                break;
            case FunctionPointerType pointer:
                MarkSignature(pointer);
                return;
        }
        if (set.Own(reference) is not { } type || !_types.Add(type)) return;
        _work.Enqueue(() => Enter(type));
    }

    private void Enter(TypeDefinition type)
    {
        Mark(type.DeclaringType);
        Mark(type.BaseType);
        foreach (InterfaceImplementation implemented in type.Interfaces)
        {
            Mark(implemented.InterfaceType);
            MarkAttributes(implemented);
        }
        foreach (PropertyDefinition property in type.Properties) MarkAttributes(property);
        foreach (EventDefinition @event in type.Events) MarkAttributes(@event);
        MarkConstraints(type);
        MarkAttributes(type);
        // Memory layouts, enumerations and delegates are what they are as a whole.
        bool layout = type.IsValueType || type.IsExplicitLayout || type.IsSequentialLayout;
        foreach (FieldDefinition field in type.Fields.Where(f => layout && !f.IsStatic || type.IsEnum)) Mark(field);
        bool isDelegate = type.BaseType?.FullName == "System.MulticastDelegate";
        foreach (MethodDefinition method in type.Methods.Where(m => isDelegate || m.IsConstructor && m.IsStatic)) Mark(method);
    }

    private void Mark(FieldReference reference)
    {
        Mark(reference.DeclaringType);
        Mark(reference.FieldType);
        if (set.Own(reference.DeclaringType) is null || reference.Resolve() is not { } field || !_fields.Add(field)) return;
        Mark(field.DeclaringType);
        Mark(field.FieldType);
        MarkAttributes(field);
    }

    private void Mark(MethodReference reference)
    {
        Mark(reference.DeclaringType);
        MarkSignature(reference);
        if (reference is GenericInstanceMethod generic)
        {
            foreach (TypeReference argument in generic.GenericArguments) Mark(argument);
        }
        if (set.Own(reference.DeclaringType) is null || reference.Resolve() is not { } method || !_methods.Add(method)) return;
        _work.Enqueue(() => Enter(method));
    }

    private void Enter(MethodDefinition method)
    {
        Mark(method.DeclaringType);
        MarkSignature(method);
        MarkConstraints(method);
        MarkAttributes(method);
        MarkAttributes(method.MethodReturnType);
        foreach (ParameterDefinition parameter in method.Parameters) MarkAttributes(parameter);
        foreach (MethodReference overridden in method.Overrides) Mark(overridden.DeclaringType);
        if (!method.HasBody) return;
        foreach (VariableDefinition local in method.Body.Variables) Mark(local.VariableType);
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers) Mark(handler.CatchType);
        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type: Mark(type); break;
                case FieldReference field: Mark(field); break;
                case MethodReference called: Mark(called); break;
                case CallSite site: MarkSignature(site); break;
            }
        }
    }

    private void MarkSignature(IMethodSignature signature)
    {
        Mark(signature.ReturnType);
        foreach (ParameterDefinition parameter in signature.Parameters) Mark(parameter.ParameterType);
    }

    private void MarkConstraints(IGenericParameterProvider provider)
    {
        foreach (GenericParameter parameter in provider.GenericParameters)
        {
            MarkAttributes(parameter);
            foreach (GenericParameterConstraint constraint in parameter.Constraints)
            {
                Mark(constraint.ConstraintType);
                MarkAttributes(constraint);
            }
        }
    }

    private void MarkAttributes(ICustomAttributeProvider provider)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes.Where(Keeps))
        {
            Mark(attribute.Constructor);
            if (set.Own(attribute.AttributeType) is { } own) MarkWhole(own);
            foreach (CustomAttributeArgument argument in attribute.ConstructorArguments) MarkArgument(argument);
            foreach (CustomAttributeNamedArgument argument in attribute.Properties.Concat(attribute.Fields)) MarkArgument(argument.Argument);
        }
    }

    private void MarkArgument(CustomAttributeArgument argument)
    {
        Mark(argument.Type);
        if (argument.Value is TypeReference type) Mark(type);
        if (argument.Value is CustomAttributeArgument boxed) MarkArgument(boxed);
        if (argument.Value is CustomAttributeArgument[] elements)
        {
            foreach (CustomAttributeArgument element in elements) MarkArgument(element);
        }
    }

    /// <summary>A method is called through what it overrides: whatever fills the place of a reached method, or of one of the framework's, is reached.</summary>
    private void MarkOverrides(TypeDefinition type)
    {
        foreach (MethodDefinition method in type.Methods)
        {
            if (method.IsVirtual && !_methods.Contains(method) && Slots.FilledBy(method, set).Any(slot => IsFramework(slot) || _methods.Contains(slot))) Mark(method);
        }
    }
}
