using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using System.Xml.Linq;
using Cortado.Inference;
using Cortado.Lmdb;
using Cortado.OpenCL;
using Cortado.Packaging.Staging;

namespace Cortado.Unity.Tests.Package;

/// <summary>Beside each of our assemblies lie the documentation that development environments show, and the symbols that consoles and debuggers read.</summary>
public sealed class StagedSymbolTests
{
    public static TheoryData<string> Ours => new("Cortado.Core", "Cortado.Lmdb", "Cortado.OpenCL");

    [Fact]
    public void Ours_have_both_and_others_neither() => Assert.Equal(
        StagedSet.Files.Select(f => Path.GetFileName(f)).Concat(Ours.SelectMany(name => new[] { name.Data + ".pdb", name.Data + ".xml" })).Order(StringComparer.Ordinal),
        StagedSet.All.Select(f => Path.GetFileName(f)));

    /// <summary>The runtime's own reader finds the line that threw: it stands in the repository as the trace says.</summary>
    [Fact]
    public void A_stack_trace_names_file_and_line()
    {
        var context = new AssemblyLoadContext("staged", isCollectible: true);
        context.Resolving += (loader, name) => Staged(name.Name!) is var file && File.Exists(file) ? loader.LoadFromAssemblyPath(file) : null;
        MethodInfo parse = context.LoadFromAssemblyPath(Staged("Cortado.Core")).GetType("Cortado.Formats.NetFile")!.GetMethods().Single(m => m.Name == "Parse" && m.GetParameters().Length == 2);
        Exception thrown = Assert.Throws<TargetInvocationException>(() => parse.Invoke(null, ["layer { nam: 'b' }", "some.prototxt"])).InnerException!;
        StackFrame[] frames = new StackTrace(thrown, fNeedFileInfo: true).GetFrames();
        Assert.Contains(frames, frame => frame.GetFileName() == Symbols.SourceRoot + "src/Cortado.Core/Formats/NetFile.cs");
        string file = frames[0].GetFileName()!;
        Assert.StartsWith(Symbols.SourceRoot, file);
        string source = Path.Combine(StagedSet.Repository.Root, file[Symbols.SourceRoot.Length..]);
        Assert.Contains("throw ", File.ReadLines(source).ElementAt(frames[0].GetFileLineNumber() - 1), StringComparison.Ordinal);
        context.Unload();
    }

    /// <summary>They hold paths in pieces, so that a search for the building machine's folder would not find it.</summary>
    [Theory]
    [MemberData(nameof(Ours))]
    public void Sources_are_named_from_the_repository_on(string name)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(Staged(name), ".pdb")));
        MetadataReader reader = provider.GetMetadataReader();
        string[] sources = [.. reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name))];
        Assert.True(sources.Length > 5);
        Assert.All(sources, source => Assert.StartsWith($"{Symbols.SourceRoot}src/{name}/", source));
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void Every_public_type_is_documented_and_nothing_that_nobody_can_see(string name)
    {
        Assembly assembly = new[] { typeof(Classifier), typeof(LmdbWriter), typeof(OpenClBackend) }.Select(t => t.Assembly).Single(a => a.GetName().Name == name);
        XDocument document = XDocument.Load(Path.ChangeExtension(Staged(name), ".xml"));
        Assert.Equal(name, document.Root!.Element("assembly")!.Element("name")!.Value);
        HashSet<string> documented = document.Descendants("member").Select(m => (string)m.Attribute("name")!).Where(id => id.StartsWith("T:", StringComparison.Ordinal)).ToHashSet();
        Type[] types = assembly.GetExportedTypes();
        Assert.Superset(documented, types.Select(IdOf).ToHashSet());
        Assert.Empty(types.Where(type => !IsGenerated(type)).Select(IdOf).Except(documented));
        Assert.All(document.Descendants("member"), member => Assert.False(string.IsNullOrWhiteSpace(member.Value) && !member.HasElements, (string)member.Attribute("name")!));
    }

    [Fact]
    public void A_members_words_are_the_sources()
    {
        XDocument document = XDocument.Load(Path.ChangeExtension(Staged("Cortado.Core"), ".xml"));
        XElement member = document.Descendants("member").Single(m => (string)m.Attribute("name")! == "M:Cortado.Inference.Classifier.Continue(System.TimeSpan)");
        Assert.Contains(member.Element("summary")!.Value.Trim(), File.ReadAllText(Path.Combine(StagedSet.Repository.Root, "src", "Cortado.Core", "Inference", "Classifier.cs")), StringComparison.Ordinal);
        Assert.DoesNotContain(document.Descendants("member"), m => ((string)m.Attribute("name")!).Contains(".Classifier.CheckAnswer", StringComparison.Ordinal));
    }

    private static string IdOf(Type type) => "T:" + type.FullName!.Replace('+', '.');

    // What protoc makes of caffe.proto has no words where that file has none.
    private static bool IsGenerated(Type type) =>
        typeof(Google.Protobuf.IMessage).IsAssignableFrom(type) || type.Name is "Types" or "CaffeReflection" || type.DeclaringType?.Name == "Types"
        || (type.IsEnum && type.GetFields().Any(f => f.GetCustomAttribute<Google.Protobuf.Reflection.OriginalNameAttribute>() != null));

    private static string Staged(string name) => Path.Combine(StagedSet.Repository.StagedAssemblies, name + ".dll");
}
