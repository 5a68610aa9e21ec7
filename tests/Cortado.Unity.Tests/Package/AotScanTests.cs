using System.Xml.Linq;
using Cortado.Packaging.Staging;
using Cortado.Unity.Editor;
using Mono.Cecil;
using Mono.Cecil.Cil;
using UnityDoubles;

namespace Cortado.Unity.Tests.Package;

/// <summary>IL2CPP compiles everything before the game starts: what needs a compiler later must not be there, or be known and harmless.</summary>
public class AotScanTests
{
    private const string Accessors =
        "Protobuf's accessors of fields: classes over message types, which IL2CPP shares among all, and numbers, for which it has fully shared code since "
        + "2022.1; Protobuf itself asks for no more than that, and link.xml keeps what they find by reflection.";

    /// <summary>What is allowed, and why.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["Cortado.ThirdParty.Google.Protobuf: Google.Protobuf.Reflection.ReflectionUtil."] = Accessors,
        ["Cortado.ThirdParty.Google.Protobuf: Google.Protobuf.Reflection.ReflectionUtil/"] = Accessors,
        ["Cortado.ThirdParty.MessagePack: MessagePack.Utilities..cctor: a type found by name"] = "asks only whether Mono.Runtime is there",
        ["Cortado.ThirdParty.Silk.NET.OpenCL: Silk.NET.OpenCL.CL.BuildProgram: a native callback"] = "made only of a callback that is not null; see Nobody_passes_a_callback",
        ["Cortado.ThirdParty.Silk.NET.OpenCL: Silk.NET.OpenCL.CL.CreateContext: a native callback"] = "made only of a callback that is not null; see Nobody_passes_a_callback",
    };

    [Fact]
    public void Staged_assemblies()
    {
        using AssemblySet set = StagedSet.Read();
        string[] found = set.Assemblies.SelectMany(AotScan.Of).ToArray();
        Assert.DoesNotContain(found, line => !Allowed.Keys.Any(line.StartsWith));
        // What is not found any more is not to be allowed any more.
        Assert.All(Allowed.Keys, allowed => Assert.Contains(found, line => line.StartsWith(allowed, StringComparison.Ordinal)));
    }

    /// <summary>Our own assemblies have none of it.</summary>
    [Fact]
    public void Our_own() => Assert.DoesNotContain(Allowed.Keys, key => !key.StartsWith("Cortado.ThirdParty.", StringComparison.Ordinal));

    [Fact]
    public void Nobody_passes_a_callback()
    {
        using AssemblySet set = StagedSet.Read();
        int calls = 0;
        foreach (MethodDefinition method in StagedSet.Methods(set.Find("Cortado.OpenCL")!).Where(m => m.HasBody))
        {
            foreach (Instruction call in method.Body.Instructions.Where(i => i.Operand is MethodReference { DeclaringType.Name: "CL", Name: "CreateContext" or "BuildProgram" }))
            {
                // The callback and the pointers around it are all pushed as null within a few instructions before the call.
                var called = (MethodReference)call.Operand;
                Assert.Contains(called.Parameters, p => p.ParameterType.Name.EndsWith("NotifyCallback", StringComparison.Ordinal));
                Assert.Contains(Before(call, 5), i => i.OpCode.Code == Code.Ldnull);
                calls++;
            }
        }
        // One context; a program is built at two places.
        Assert.Equal(3, calls);
    }

    /// <summary>The scan sees what it looks for: these tests' own assembly has some of each.</summary>
    [Fact]
    public void The_scan_finds()
    {
        using AssemblyDefinition tests = AssemblyDefinition.ReadAssembly(typeof(AotScanTests).Assembly.Location);
        SortedSet<string> found = AotScan.Of(tests);
        Assert.Contains(found, line => line.Contains(nameof(Hazards.Emits), StringComparison.Ordinal) || line.Contains("emits code", StringComparison.Ordinal));
        Assert.Contains(found, line => line.Contains("binds at run time", StringComparison.Ordinal));
        Assert.Contains(found, line => line.Contains(nameof(Hazards.MakesGenericType), StringComparison.Ordinal));
        Assert.Contains(found, line => line.Contains(nameof(Hazards.MakesCallback), StringComparison.Ordinal));
        Assert.Contains(found, line => line.Contains("GiveCallback", StringComparison.Ordinal));
    }

    [Fact]
    public void Link_rules_name_staged_assemblies_and_reach_the_linker()
    {
        string file = Path.Combine(StagedSet.Repository.Plugin, "Runtime", "link.xml");
        string[] names = XDocument.Load(file).Root!.Elements("assembly").Select(a => (string)a.Attribute("fullname")!).ToArray();
        Assert.All(names, name => Assert.Contains(StagedSet.Files, f => Path.GetFileNameWithoutExtension(f) == name));
        // Protobuf finds the messages' properties by reflection: both sides of it must be kept.
        Assert.Contains("Cortado.Core", names);
        Assert.Contains("Cortado.ThirdParty.Google.Protobuf", names);
        using var loop = new PlayerLoop();
        Assert.Equal(Path.GetFullPath(file), new LinkRules().GenerateAdditionalLinkXmlFile(null!, null!));
    }

    private static IEnumerable<Instruction> Before(Instruction call, int count)
    {
        for (Instruction? at = call.Previous; at is not null && count > 0; at = at.Previous, count--) yield return at;
    }
}
