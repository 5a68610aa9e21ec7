using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Cortado.Unity.Tests.Package;

/// <summary>What scripts use of the engine, as their assemblies name it, and what of that was looked up in the engine's own sources and reference (tests/UnityDoubles/api.txt).</summary>
internal static class EngineApi
{
    private static readonly string[] Doubles = ["UnityEngine", "UnityEditor"];

    /// <summary>Types that were looked up, with the module that each is in.</summary>
    public static IReadOnlyDictionary<string, string> Modules { get; } = Headings().ToDictionary(words => words[1], words => words[0]);

    /// <summary>Members that were looked up, each behind its type.</summary>
    public static IEnumerable<string> Checked
    {
        get
        {
            string type = "";
            foreach (string line in Lines())
            {
                if (char.IsWhiteSpace(line[0])) yield return $"{type}: {line.Trim()}";
                else yield return type = line.Split(' ')[1];
            }
        }
    }

    /// <summary>Types of the engine that assemblies use, and their members behind them: called, overridden, implemented or, of an enumeration, there.</summary>
    public static IEnumerable<string> Used(params string[] assemblies) => assemblies.SelectMany(name =>
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        string[] used = [.. TypesOf(module).Concat(CallsOf(module)).Concat(OverridesOf(module))];
        Assert.NotEmpty(used);
        return used;
    }).Distinct();

    private static IEnumerable<string> TypesOf(ModuleDefinition module)
    {
        foreach (TypeDefinition type in module.GetTypeReferences().Where(IsTheEngines).Select(type => type.Resolve()))
        {
            yield return type.FullName;
            if (type.IsEnum)
                foreach (FieldDefinition value in type.Fields.Where(field => field.IsStatic)) yield return $"{type.FullName}: {value.Name} = {value.Constant}";
            // Whoever names an interface may implement it.
            if (type.IsInterface)
                foreach (MethodDefinition method in type.Methods) yield return Line(method);
        }
    }

    private static IEnumerable<string> CallsOf(ModuleDefinition module) =>
        module.GetMemberReferences().Where(member => IsTheEngines(member.DeclaringType.GetElementType())).Select(member => member switch
        {
            MethodReference method => Line(method.Resolve()),
            FieldReference field => $"{field.DeclaringType.GetElementType().FullName}: {Short(field.FieldType)} {field.Name}",
            _ => throw new InvalidOperationException(member.FullName),
        });

    private static IEnumerable<string> OverridesOf(ModuleDefinition module)
    {
        foreach (TypeDefinition type in module.GetTypes())
        {
            for (TypeDefinition? above = type.BaseType?.Resolve(); above != null; above = above.BaseType?.Resolve())
            {
                if (!Doubles.Contains(above.Module.Assembly.Name.Name)) continue;
                foreach (MethodDefinition method in above.Methods.Where(m => m.IsVirtual && type.Methods.Any(own => own.IsVirtual && !own.IsNewSlot && own.Name == m.Name)))
                {
                    yield return above.FullName;
                    yield return Line(method);
                }
            }
        }
    }

    private static bool IsTheEngines(TypeReference type) => Doubles.Contains(type.Scope.Name);

    private static string Line(MethodDefinition method) =>
        $"{method.DeclaringType.FullName}: {(method.IsStatic ? "static " : method.IsFamily ? "protected " : "")}{Short(method.ReturnType)} {method.Name}({string.Join(", ", method.Parameters.Select(p => Short(p.ParameterType)))})";

    // Names without their namespaces.
    private static string Short(TypeReference type) => Regex.Replace(type.FullName, @"\w+[./]", "");

    private static IEnumerable<string[]> Headings() => Lines().Where(line => !char.IsWhiteSpace(line[0])).Select(line => line.Split(' '));

    private static IEnumerable<string> Lines() =>
        File.ReadLines(Path.Combine(StagedSet.Repository.Root, "tests", "UnityDoubles", "api.txt")).Where(line => line.Length > 0 && line[0] != '#');
}
