using Cortado.Packaging.Staging;
using Mono.Cecil;

namespace Cortado.Unity.Tests.Package;

/// <summary>
/// What the staged assemblies refer to is there: in the set, or in .NET Standard 2.1 itself. The reference assembly that this is checked against
/// is Microsoft's; an engine that has that profile has every type and member of it.
/// </summary>
public class StagedReferenceTests
{
    [Fact]
    public void Assemblies()
    {
        using AssemblySet set = StagedSet.Read();
        string[] known = [.. set.Assemblies.Select(a => a.Name.Name), "netstandard"];
        Assert.All(set.Assemblies, assembly =>
        {
            Assert.All(assembly.MainModule.AssemblyReferences, reference =>
            {
                Assert.Contains(reference.Name, known);
                if (reference.Name != "netstandard") Assert.Empty(reference.PublicKeyToken);
            });
            Assert.Empty(assembly.Name.PublicKey);
            Assert.False(assembly.MainModule.Attributes.HasFlag(ModuleAttributes.StrongNameSigned), assembly.Name.Name);
        });
    }

    [Fact]
    public void Types_and_members()
    {
        using AssemblySet set = StagedSet.Read();
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (AssemblyDefinition assembly in set.Assemblies)
        {
            foreach (TypeReference type in assembly.MainModule.GetTypeReferences().Concat(AttributeTypes.Of(assembly)))
            {
                if (set.Definition(type) is null) missing.Add($"{assembly.Name.Name}: {type.FullName}, {type.Scope.Name}");
            }
            foreach (MemberReference member in Members(assembly))
            {
                if (member.DeclaringType is not ArrayType && member.Resolve() is null) missing.Add($"{assembly.Name.Name}: {member.FullName}");
            }
        }
        Assert.Empty(missing);
    }

    /// <summary>An engine refuses a second assembly of a name that a project holds already.</summary>
    [Fact]
    public void Names_of_our_own()
    {
        Assert.All(StagedSet.Files, file => Assert.StartsWith("Cortado.", Path.GetFileName(file)));
        using AssemblySet set = StagedSet.Read();
        Assert.All(set.Assemblies, assembly =>
        {
            Assert.StartsWith("Cortado.", assembly.Name.Name);
            Assert.Equal(assembly.Name.Name + ".dll", assembly.MainModule.Name);
        });
    }

    [Fact]
    public void Embedded_files_are_whole()
    {
        using AssemblySet set = StagedSet.Read();
        string[] kernels = Directory.EnumerateFiles(Path.Combine(StagedSet.Repository.Root, "src", "Cortado.OpenCL", "Kernels"), "*.cl").ToArray();
        Assert.NotEmpty(kernels);
        Assert.All(kernels, kernel =>
        {
            EmbeddedResource resource = Assert.Single(set.Find("Cortado.OpenCL")!.MainModule.Resources.OfType<EmbeddedResource>(), r => r.Name == Path.GetFileName(kernel));
            Assert.Equal(File.ReadAllBytes(kernel), resource.GetResourceData());
        });
    }

    /// <summary>A game carries no path of the machine that built it, and two machines build the same file.</summary>
    [Fact]
    public void No_trace_of_the_building_machine()
    {
        Assert.All(StagedSet.All, file =>
        {
            byte[] content = File.ReadAllBytes(file);
            foreach (System.Text.Encoding encoding in new[] { System.Text.Encoding.UTF8, System.Text.Encoding.Unicode })
                Assert.Equal(-1, content.AsSpan().IndexOf(encoding.GetBytes(StagedSet.Repository.Root)));
        });
    }

    [Fact]
    public void Staging_again_gives_the_same_bytes()
    {
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        string builds = Path.Combine(StagedSet.Repository.Root, "src", "Cortado.Staging", "bin", configuration, "netstandard2.1");
        IReadOnlyList<(string Name, byte[] Content)> again = StagedAssemblies.Make(builds);
        Assert.Equal(StagedSet.All.Select(Path.GetFileName), again.Select(f => f.Name));
        Assert.All(again, file => Assert.Equal(file.Content, File.ReadAllBytes(Path.Combine(StagedSet.Repository.StagedAssemblies, file.Name))));
    }

    private static IEnumerable<MemberReference> Members(AssemblyDefinition assembly) =>
        StagedSet.Methods(assembly).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MemberReference>()
            .Where(m => m is MethodReference or FieldReference)
            .Select(m => m is GenericInstanceMethod generic ? generic.ElementMethod : m);
}
