using Mono.Cecil;
using Mono.Collections.Generic;

namespace Cortado.Packaging.Staging;

/// <summary>Takes out of assemblies what nothing reaches.</summary>
internal static class Sweep
{
    /// <summary>Removes the unreached, and whole assemblies of which nothing is left.</summary>
    public static void Apply(AssemblySet set, Reachability reached, IReadOnlyList<AssemblyDefinition> assemblies)
    {
        // Whatever looks at definitions elsewhere comes before any of them goes.
        foreach (AssemblyDefinition assembly in assemblies) Detach(assembly, reached);
        foreach (AssemblyDefinition assembly in assemblies)
        {
            SweepTypes(assembly.MainModule.Types, reached);
            if (assembly.MainModule.Types.All(t => t.Name == "<Module>")) set.Remove(assembly);
        }
    }

    private static void Detach(AssemblyDefinition assembly, Reachability reached)
    {
        foreach (ICustomAttributeProvider provider in AttributeProviders.Of(assembly).Where(p => p.HasCustomAttributes)) Keep(provider.CustomAttributes, reached.Keeps);
        foreach (MethodDefinition method in assembly.MainModule.Types.SelectMany(AssemblySet.WithNested).SelectMany(t => t.Methods).Where(m => m.HasOverrides))
        {
            Keep(method.Overrides, o => o.Resolve() is not { } slot || reached.IsFramework(slot) || reached.Has(slot));
        }
        assembly.MainModule.Resources.Clear();
        assembly.MainModule.ExportedTypes.Clear();
    }

    private static void SweepTypes(Collection<TypeDefinition> types, Reachability reached)
    {
        Keep(types, t => t.Name == "<Module>" || reached.Has(t));
        foreach (TypeDefinition type in types) SweepMembers(type, reached);
    }

    private static void SweepMembers(TypeDefinition type, Reachability reached)
    {
        foreach (PropertyDefinition property in type.Properties)
        {
            if (property.GetMethod is { } getter && !reached.Has(getter)) property.GetMethod = null;
            if (property.SetMethod is { } setter && !reached.Has(setter)) property.SetMethod = null;
        }
        Keep(type.Properties, p => p.GetMethod is not null || p.SetMethod is not null);
        foreach (EventDefinition @event in type.Events)
        {
            if (@event.AddMethod is { } adder && !reached.Has(adder)) @event.AddMethod = null;
            if (@event.RemoveMethod is { } remover && !reached.Has(remover)) @event.RemoveMethod = null;
        }
        Keep(type.Events, e => e.AddMethod is not null || e.RemoveMethod is not null);
        Keep(type.Fields, reached.Has);
        Keep(type.Methods, reached.Has);
        SweepTypes(type.NestedTypes, reached);
    }

    private static void Keep<T>(Collection<T> items, Func<T, bool> keeps)
    {
        foreach (T item in items.Where(i => !keeps(i)).ToArray()) items.Remove(item);
    }
}
