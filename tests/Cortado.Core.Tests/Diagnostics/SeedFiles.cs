namespace Cortado.Tests.Diagnostics;

/// <summary>The asker's two files in a folder of their own, as they were posted or edited, with databases that exist.</summary>
internal sealed class SeedFiles : IDisposable
{
    public SeedFiles()
    {
        Folder = Path.Combine(Path.GetTempPath(), "cortado-seed-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.Combine(Folder, "dataset", "train_db"));
        Directory.CreateDirectory(Path.Combine(Folder, "dataset", "val_db"));
        string seed = Path.Combine(GoldenFolder.Repository, "tests", "Shared", "Seed");
        File.Copy(Path.Combine(seed, "solver.prototxt"), Solver);
        File.Copy(Path.Combine(seed, "train_val.prototxt"), Net);
    }

    public string Folder { get; }

    public string Solver => Path.Combine(Folder, "solver.prototxt");

    public string Net => Path.Combine(Folder, "train_val.prototxt");

    public void Replace(string file, string old, string with)
    {
        string text = File.ReadAllText(file);
        Assert.Contains(old, text);
        File.WriteAllText(file, text.Replace(old, with, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Folder, true);
}
