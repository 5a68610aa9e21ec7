using Cortado.Packaging;

namespace Cortado.Unity.Tests.Package;

/// <summary>A folder laid out like a checkout, with copies of some of its folders; it goes when it is disposed.</summary>
internal sealed class RepositoryCopy : IDisposable
{
    public RepositoryCopy(params string[] folders)
    {
        Repository = new Repository(Directory.CreateTempSubdirectory("cortado-package-").FullName);
        foreach (string file in new[] { "Directory.Build.props", "Plugin.sln" }) File.Copy(Path.Combine(StagedSet.Repository.Root, file), Path.Combine(Repository.Root, file));
        foreach (string folder in folders) Copy(Path.Combine(StagedSet.Repository.Root, folder), Path.Combine(Repository.Root, folder));
    }

    public Repository Repository { get; }

    public void Dispose() => Directory.Delete(Repository.Root, recursive: true);

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(source)) Copy(folder, Path.Combine(target, Path.GetFileName(folder)));
    }
}
