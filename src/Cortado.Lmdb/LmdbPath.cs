namespace Cortado.Lmdb;

/// <summary>Where a database's file is: in a folder as data.mdb, as Caffe has it, or the path itself.</summary>
internal static class LmdbPath
{
    public const string DataFile = "data.mdb";

    /// <summary>The data file of an existing database.</summary>
    public static string Existing(string path)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path))
            throw new CortadoException($"There is no database at {Path.GetFullPath(path)}: neither a folder with {DataFile} nor a file.");
        string file = Path.Combine(path, DataFile);
        if (File.Exists(file)) return file;
        if (IsLevelDb(path)) throw LevelDb(path);
        throw new CortadoException($"The folder {Path.GetFullPath(path)} holds no {DataFile}, so it is not an LMDB database.");
    }

    /// <summary>The data file that a new database gets: in a folder, unless the path names a file with the ending .mdb.</summary>
    public static string ForCreation(string path)
    {
        if (Directory.Exists(path)) return Path.Combine(path, DataFile);
        if (File.Exists(path) || path.EndsWith(".mdb", StringComparison.OrdinalIgnoreCase)) return path;
        return Path.Combine(path, DataFile);
    }

    public static bool IsLevelDb(string path) =>
        File.Exists(Path.Combine(path, "CURRENT")) && Directory.GetFiles(path, "MANIFEST-*").Length > 0;

    public static CortadoException LevelDb(string path) => new(
        $"{path} is a LevelDB database, which cannot be read here. Convert it to LMDB: run `cortado convert` on the original images, then set `backend: LMDB` in the prototxt.");
}
