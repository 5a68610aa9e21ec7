using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>
/// The engine's compiler is older than ours. It knows C# 9: a constructor of a type with required members is an error to it (the compiler that built the type marks it obsolete for such compilers), whatever
/// ours makes of the same script.
/// </summary>
public sealed class ScriptCompilerTests
{
    public static TheoryData<string> Assemblies => new("Cortado.Unity", "Cortado.Unity.Editor", "Cortado.Unity.Editor.Tests", "Cortado.Unity.Samples", "SortingGate");

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Scripts_call_nothing_that_their_compiler_refuses(string name)
    {
        string folder = AppContext.BaseDirectory;
        string path = Path.Combine(folder, name + ".dll");
        Assert.True(File.Exists(path), path);
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        using ModuleDefinition module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
        var refused = new List<string>();
        foreach (TypeDefinition type in module.GetTypes())
            foreach (MethodDefinition method in type.Methods.Where(m => m.HasBody))
                foreach (Instruction instruction in method.Body.Instructions)
                    if (instruction.Operand is MethodReference called && called.DeclaringType.Scope.Name.StartsWith("Cortado", StringComparison.Ordinal) && IsRefused(called.Resolve())) refused.Add($"{method.FullName} calls {called.FullName}");
        Assert.Empty(refused);
    }

    [Fact]
    public void The_check_knows_such_a_constructor()
    {
        using ModuleDefinition core = ModuleDefinition.ReadModule(typeof(Inference.ClassifierOptions).Assembly.Location);
        Assert.True(IsRefused(core.GetType("Cortado.Inference.ClassifierOptions").Methods.Single(m => m.IsConstructor && m.Parameters.Count == 0)));
        Assert.False(IsRefused(core.GetType("Cortado.Inference.ClassifierOptions").Methods.Single(m => m.IsConstructor && m.Parameters.Count == 1)));
    }

    private static bool IsRefused(MethodDefinition? method) => method != null && method.CustomAttributes.Any(a => a.AttributeType.Name == "CompilerFeatureRequiredAttribute");
}
