using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using UnityDoubles;
using UnityEngine;

namespace Cortado.Unity.Tests.Package;

/// <summary>What the package's compiled scripts may hold, so that they compile in every supported editor and leave nothing behind a reload.</summary>
public sealed class ScriptRules
{
    public static TheoryData<string> Scripts => new("Cortado.Unity.dll", "Cortado.Unity.Editor.dll", "Cortado.Unity.Samples.dll", "SortingGate.dll");

    /// <summary>Compilers before C# 11 refuse the constructors of types with required members; the editors' are older or newer than that.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void NoConstructorIsCalledThatOldCompilersRefuse(string file)
    {
        using ModuleDefinition module = Read(file);
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            foreach (Instruction instruction in method.Body.Instructions)
                if (instruction.OpCode == OpCodes.Newobj && instruction.Operand is MethodReference called && IsRefused(called.Resolve())) wrong.Add($"{method.FullName} calls {called.FullName}");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void NothingStaticCanChange(string file)
    {
        using ModuleDefinition module = Read(file);
        Assert.Empty(module.GetTypes().SelectMany(type => type.Fields)
            .Where(field => field.IsStatic && !field.IsInitOnly && !field.IsLiteral && !field.DeclaringType.Name.StartsWith('<') && !field.Name.StartsWith('<'))
            .Select(field => field.FullName));
    }

    /// <summary>Whoever looks at a component in the inspector finds a word about each of its fields.</summary>
    [Fact]
    public void EveryFieldOfAComponentHasATooltip()
    {
        Type[] components = [.. typeof(ImageClassifier).Assembly.GetTypes().Where(type => typeof(MonoBehaviour).IsAssignableFrom(type) && !type.IsAbstract)];
        Assert.Contains(typeof(DatasetRecorder), components);
        Assert.All(components, type =>
        {
            Assert.StartsWith("Cortado/", type.GetCustomAttribute<AddComponentMenu>()!.componentMenu, StringComparison.Ordinal);
            Assert.NotNull(type.GetCustomAttribute<HelpURLAttribute>());
            Assert.All(Serialization.FieldsOf(type), field => Assert.False(string.IsNullOrEmpty(field.GetCustomAttribute<TooltipAttribute>()?.tooltip), field.Name));
        });
    }

    private static bool IsRefused(MethodDefinition? constructor) =>
        constructor?.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerFeatureRequiredAttribute") == true;

    private static ModuleDefinition Read(string file)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        return ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, file), new ReaderParameters { AssemblyResolver = resolver });
    }
}
