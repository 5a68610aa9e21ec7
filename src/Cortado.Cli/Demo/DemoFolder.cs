using System.Reflection;

namespace Cortado.Cli.Demo;

/// <summary>Where the demo's files lie.</summary>
internal sealed class DemoFolder
{
    public const string Solver = "solver.prototxt", Net = "train_val.prototxt", Deploy = "deploy.prototxt", Weights = "ball_or_box.caffemodel",
        Labels = "labels.txt", TrainSet = "dataset/train_db", HeldOutSet = "dataset/val_db", Pictures = "pictures", Sheet = "pictures.png";

    private static readonly string[] Own = [Solver, Solver + ".orig", Net, Net + ".orig", Deploy, Weights, Labels, Sheet];

    private DemoFolder(string root) => Root = root;

    /// <summary>The full path of the folder.</summary>
    public string Root { get; }

    /// <summary>Makes the folder and puts the posted files into it. A folder that has content is refused unless <paramref name="force"/>; then only the demo's own files in it are replaced.</summary>
    public static DemoFolder Create(string path, bool force)
    {
        string root = Path.GetFullPath(path);
        if (File.Exists(root)) throw new CortadoException($"{root} is a file; expected a folder, or nothing. Choose another with --out.");
        if (!force && Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
            throw new CortadoException($"{root} exists already. Add --force to replace the demo's files in it, or choose another folder with --out.");
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(Path.Combine(root, Pictures));
        Directory.CreateDirectory(Path.Combine(root, "dataset"));
        foreach (string own in Own) File.Delete(Path.Combine(root, own));
        var folder = new DemoFolder(root);
        foreach (string name in new[] { Solver, Net })
        {
            using FileStream file = File.Create(folder[name]);
            using Stream posted = Posted(name);
            posted.CopyTo(file);
        }
        File.WriteAllText(folder[Labels], "ball\nbox\n");
        return folder;
    }

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>A file as the asker posted it.</summary>
    public static Stream Posted(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
}
