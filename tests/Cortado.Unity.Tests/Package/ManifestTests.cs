using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Cortado.Unity.Tests.Package;

/// <summary>package.json as Unity's manual asks for it.</summary>
public class ManifestTests
{
    private static readonly JsonElement Manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(StagedSet.Repository.Plugin, "package.json"))).RootElement.Clone();

    [Fact]
    public void Name() => Assert.Equal("com.cortado.unity", Text("name"));

    [Fact]
    public void Version_is_that_of_all_of_Cortado() =>
        Assert.Equal(XDocument.Load(Path.Combine(StagedSet.Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value, Text("version"));

    /// <summary>The oldest editor that may install it. 6000.3 is what it is made for; scripts are compiled with 2022.3's symbols as well as with 6000.0's, which is all that 2022.3 costs.</summary>
    [Fact]
    public void Engine() => Assert.Equal("2022.3", Text("unity"));

    [Theory]
    [InlineData("displayName")]
    [InlineData("description")]
    [InlineData("license")]
    public void Text_is_there(string field) => Assert.NotEmpty(Text(field));

    [Theory]
    [InlineData("documentationUrl")]
    [InlineData("changelogUrl")]
    [InlineData("licensesUrl")]
    public void Link(string field) => Assert.Equal("https", new Uri(Text(field), UriKind.Absolute).Scheme);

    [Fact]
    public void Keywords_and_author()
    {
        Assert.NotEmpty(Manifest.GetProperty("keywords").EnumerateArray());
        Assert.NotEmpty(Manifest.GetProperty("author").GetProperty("name").GetString()!);
    }

    /// <summary>Other packages could not be had where the package is installed from a file; the engine's own modules always can.</summary>
    [Fact]
    public void Depends_on_modules_of_the_engine_only() => Assert.All(Manifest.GetProperty("dependencies").EnumerateObject(), module =>
    {
        Assert.StartsWith("com.unity.modules.", module.Name);
        Assert.Equal("1.0.0", module.Value.GetString());
    });

    [Fact]
    public void Samples_are_where_it_says()
    {
        JsonElement[] samples = Manifest.GetProperty("samples").EnumerateArray().ToArray();
        Assert.NotEmpty(samples);
        string[] folders = samples.Select(s => s.GetProperty("path").GetString()!).ToArray();
        Assert.All(samples, sample =>
        {
            Assert.NotEmpty(sample.GetProperty("displayName").GetString()!);
            Assert.NotEmpty(sample.GetProperty("description").GetString()!);
        });
        Assert.Equal(folders.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Path.Combine(StagedSet.Repository.Plugin, "Samples~"))
            .Select(f => "Samples~/" + Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE.md")]
    [InlineData("Third Party Notices.md")]
    [InlineData("Documentation~/index.md")]
    public void The_files_that_a_package_has(string name) => Assert.True(File.Exists(Path.Combine(StagedSet.Repository.Plugin, name)), name);

    [Fact]
    public void Licence_is_the_repositorys() => Assert.EndsWith(
        Words(Path.Combine(StagedSet.Repository.Root, "LICENSE")), Words(Path.Combine(StagedSet.Repository.Plugin, "LICENSE.md")));

    /// <summary>Each third-party assembly that is staged is named in the notices, with its licence and version.</summary>
    [Fact]
    public void Notices()
    {
        string notices = File.ReadAllText(Path.Combine(StagedSet.Repository.Plugin, "Third Party Notices.md"));
        XDocument versions = XDocument.Load(Path.Combine(StagedSet.Repository.Root, "Directory.Packages.props"));
        Assert.All(StagedSet.Files.Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => n.StartsWith("Cortado.ThirdParty.", StringComparison.Ordinal)), name =>
        {
            string package = name["Cortado.ThirdParty.".Length..];
            Assert.Contains($"`{name}`", notices);
            string? version = versions.Descendants("PackageVersion").FirstOrDefault(p => (string?)p.Attribute("Include") == package)?.Attribute("Version")?.Value;
            if (version is not null) Assert.Contains($"{package} {version}", notices);
        });
        Assert.DoesNotMatch(@"Cortado\.ThirdParty\.(?!Google|MessagePack|Silk|Stb|System\.Runtime\.CompilerServices\.Unsafe)", notices);
    }

    private static string Text(string field) => Manifest.GetProperty(field).GetString()!;

    private static string Words(string file) => Regex.Replace(File.ReadAllText(file), @"[\s#]+", " ").Trim();
}
