namespace Cortado.Data;

/// <summary>Writes a file whole or not at all: beside its place, flushed, then moved there.</summary>
internal static class NewFile
{
    public static void RefuseExisting(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path)) throw new CortadoException($"There is already a file {path}; it is not replaced unless you ask for it (--force).");
    }

    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        RefuseExisting(path, overwrite);
        string work = path + ".partial";
        try
        {
            string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
            if (folder != null) Directory.CreateDirectory(folder);
            using (var stream = new FileStream(work, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (File.Exists(path)) File.Replace(work, path, null);
            else File.Move(work, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CortadoException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
