using System.Text.RegularExpressions;

namespace Cortado.Packaging.Metas;

/// <summary>What stands below the GUID in a .meta file: the engine's importer for each kind of file, with its default settings.</summary>
internal sealed partial class ImporterSettings(Repository repository)
{
    // The space after the colon is the engine's own way of writing; without it every import would change the file.
    private const string Footer = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n";
    private const string BuiltIn = "0000000000000000e000000000000000";

    /// <summary>Settings of a folder.</summary>
    public static string Folder => "folderAsset: yes\n" + Plain("DefaultImporter");

    /// <summary>Settings of a file, by its name's extension.</summary>
    public string For(string path)
    {
        string name = Path.GetFileName(path);
        string extension = Path.GetExtension(path).ToLowerInvariant();
        return extension switch
        {
            ".cs" => "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n  icon: {instanceID: 0}\n" + Footer,
            ".asmdef" => Plain("AssemblyDefinitionImporter"),
            ".asmref" => Plain("AssemblyDefinitionReferenceImporter"),
            ".json" when name == "package.json" => Plain("PackageManifestImporter"),
            ".md" or ".txt" or ".json" or ".xml" or ".csv" or ".yaml" => Plain("TextScriptImporter"),
            ".uxml" => Scripted(13804, BuiltIn, 0),
            ".uss" => Scripted(12385, BuiltIn, 0) + "  disableValidation: 0\n",
            ".tss" => Scripted(12388, BuiltIn, 0) + "  disableValidation: 0\n",
            ".dll" => PluginSettings.For(name),
            ".png" or ".jpg" or ".jpeg" or ".tga" => TextureSettings.Text + Footer,
            ".shader" => "ShaderImporter:\n  externalObjects: {}\n  defaultTextures: []\n  nonModifiableTextures: []\n" + Footer,
            ".prefab" => Plain("PrefabImporter"),
            ".mat" => Native(2100000),
            ".mesh" => Native(4300000),
            ".rendertexture" => Native(8400000),
            ".anim" => Native(7400000),
            ".controller" => Native(9100000),
            ".physicmaterial" => Native(13400000),
            ".lighting" => Native(4890085278179872738),
            ".asset" or ".playable" => Native(11400000),
            _ => ImporterScript(extension) is { } script ? Scripted(11500000, script, 3) : Plain("DefaultImporter"),
        };
    }

    private static string Plain(string importer) => $"{importer}:\n  externalObjects: {{}}\n{Footer}";

    private static string Native(long mainObject) => $"NativeFormatImporter:\n  externalObjects: {{}}\n  mainObjectFileID: {mainObject}\n{Footer}";

    private static string Scripted(long file, string guid, int type) =>
        $"ScriptedImporter:\n  internalIDToNameTable: []\n  externalObjects: {{}}\n  serializedVersion: 2\n{Footer}"
        + $"  script: {{fileID: {file}, guid: {guid}, type: {type}}}\n";

    /// <summary>The GUID of the package's script that imports an extension, or null: it is the class with [ScriptedImporter(version, "extension")].</summary>
    private string? ImporterScript(string extension)
    {
        string editor = Path.Combine(repository.Plugin, "Editor");
        if (extension.Length < 2 || !Directory.Exists(editor)) return null;
        foreach (string script in Directory.EnumerateFiles(editor, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Match attribute = ScriptedImporterAttribute().Match(File.ReadAllText(script));
            if (!attribute.Success || !attribute.Groups[1].Value.Contains($"\"{extension[1..]}\"", StringComparison.Ordinal)) continue;
            if (!File.Exists(script + ".meta")) continue;
            return MetaWriter.ReadGuid(script + ".meta");
        }
        return null;
    }

    [GeneratedRegex(@"\[\s*ScriptedImporter\s*\(([^)]*)\)")]
    private static partial Regex ScriptedImporterAttribute();
}
