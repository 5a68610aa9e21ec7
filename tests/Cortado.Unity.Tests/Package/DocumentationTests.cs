using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cortado.Unity.Tests.Package;

/// <summary>Links of the package's pages lead somewhere, and so do the help buttons of its components.</summary>
public partial class DocumentationTests
{
    private static string Plugin => StagedSet.Repository.Plugin;

    public static TheoryData<string> Pages() => new(
        Directory.EnumerateFiles(Path.Combine(Plugin, "Documentation~"), "*.md").Append(Path.Combine(Plugin, "README.md")).Select(f => StagedSet.Repository.NameOf(f)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links(string page)
    {
        string file = Path.Combine(StagedSet.Repository.Root, page);
        Assert.All(Link().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Where(l => !l.StartsWith("http", StringComparison.Ordinal) && !l.StartsWith('#')), link =>
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(link.Split('#')[0]))), link));
    }

    [Fact]
    public void The_index_leads_to_every_page() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Plugin, "Documentation~"), "*.md").Select(f => Path.GetFileName(f)).Where(n => n != "index.md"),
        page => Assert.Contains($"({page})", File.ReadAllText(Path.Combine(Plugin, "Documentation~", "index.md"))));

    /// <summary>People look for the message that they see: those of ours stand in the code as they stand on the page, but for what differs from case to case (`...`, `N`).</summary>
    [Fact]
    public void Troubleshooting_has_the_messages_that_people_see()
    {
        // The engine's and the compiler's own, and one that this repository's tests make of a missing file.
        string[] foreign = ["Multiple precompiled assemblies", "The type or namespace name", "CS0012", "CS0234, CS0246", "plugin/Runtime/Plugins/"];
        string code = string.Join('\n', new[] { "plugin/Runtime", "plugin/Editor", "src/Cortado.Core", "src/Cortado.OpenCL", "src/Cortado.Lmdb" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(StagedSet.Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains(Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal)).Select(File.ReadAllText));
        string[] messages = [.. File.ReadLines(Path.Combine(Plugin, "Documentation~", "troubleshooting.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal) && !line.StartsWith("| message", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1].Trim()).Where(message => !foreign.Any(message.StartsWith))];
        Assert.True(messages.Length > 15);
        string[] unknown = [.. messages.SelectMany(message => Fragment().Split(message)).Select(part => part.Trim()).Where(part => part.Length > 3 && !code.Contains(part, StringComparison.Ordinal))];
        Assert.Empty(unknown);
    }

    // They are compiled with the samples, as the engine would.
    [Theory]
    [InlineData("RecordBallAndBox")]
    [InlineData("NameBallOrBox")]
    public void Scripts_of_the_README_are_the_compiled_ones(string script)
    {
        string compiled = File.ReadAllText(Path.Combine(StagedSet.Repository.Root, "tests", "UnityDoubles", "Samples", "ReadmeScripts", script + ".cs"));
        Assert.Contains("```csharp\n" + Lines(compiled) + "```\n", Lines(File.ReadAllText(Path.Combine(Plugin, "README.md"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_buttons()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Plugin, "package.json")));
        string index = manifest.RootElement.GetProperty("documentationUrl").GetString()!, root = index[..(index.LastIndexOf('/') + 1)];
        string[] links = typeof(ImageClassifier).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes(typeof(UnityEngine.HelpURLAttribute), false))
            .Cast<UnityEngine.HelpURLAttribute>().Select(a => a.URL).ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, link =>
        {
            Assert.StartsWith(root, link);
            Assert.True(File.Exists(Path.Combine(Plugin, "Documentation~", Path.ChangeExtension(link[root.Length..], ".md"))), link);
        });
    }

    /// <summary>The address that they begin with is to be set before the package is published: it stands in two files, and nowhere else.</summary>
    [Fact]
    public void Addresses_of_our_own_stand_in_two_places()
    {
        string address = new Uri(PackageLinks.Manual).Host;
        Assert.Equal(["package.json", "Runtime/PackageLinks.cs"], Directory.EnumerateFiles(Plugin, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".json" or ".md" or ".uxml" or ".asmdef" && File.ReadAllText(file).Contains(address, StringComparison.OrdinalIgnoreCase))
            .Select(file => Path.GetRelativePath(Plugin, file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.OrdinalIgnoreCase));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Plugin, "package.json")));
        Assert.All(new[] { "documentationUrl", "changelogUrl", "licensesUrl" }, field => Assert.StartsWith(PackageLinks.Manual, manifest.RootElement.GetProperty(field).GetString()));
        Assert.Equal(address, new Uri(manifest.RootElement.GetProperty("author").GetProperty("url").GetString()!).Host);
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"'?\.\.\.'?|\bN\b")]
    private static partial Regex Fragment();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
