namespace Cortado.Formats;

/// <summary>
/// Writes a file so that a reader sees the old one or the new one, whole, whatever happens in between: the bytes go to a temporary
/// file in the same folder, are flushed to the disk, and the name is moved over. Without <see cref="Commit"/> the old file stays.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private const int BufferSize = 1 << 16;
    private const int Attempts = 20;
    private const int PauseMilliseconds = 50;

    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _done;

    private AtomicFile(string path, string temporary, FileStream stream)
    {
        _path = path;
        _temporary = temporary;
        _stream = stream;
    }

    /// <summary>Where to write the new content.</summary>
    public Stream Stream => _stream;

    /// <summary>Starts a new content for a file, existing or not.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <returns>The writer; dispose it in any case.</returns>
    /// <exception cref="CortadoException">Nothing can be written there.</exception>
    public static AtomicFile Create(string path)
    {
        ThrowIf.Null(path, nameof(path));
        try
        {
            string full = Path.GetFullPath(path);
            string folder = Path.GetDirectoryName(full) ?? throw new IOException("it names a folder");
            if (!Directory.Exists(folder))
            {
                throw new CortadoException($"{path}: cannot be written: the folder {folder} does not exist; create it first.");
            }

            if (Directory.Exists(full))
            {
                throw new CortadoException($"{path}: cannot be written: it is a folder.");
            }

            string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
            var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
            return new AtomicFile(full, temporary, stream);
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Refused(path, e);
        }
    }

    /// <summary>Writes a file in one go.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content; when it throws, the old file stays.</param>
    /// <exception cref="CortadoException">Nothing can be written there, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ThrowIf.Null(write, nameof(write));
        using AtomicFile file = Create(path);
        try
        {
            write(file.Stream);
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Refused(path, e);
        }

        file.Commit();
    }

    /// <summary>
    /// Removes temporary files that killed programs left behind. A file that was written to a short while ago may be another program's work
    /// and stays.
    /// </summary>
    /// <param name="path">The beginning of the files' path: of <c>a/snap_iter_</c>, the leftovers of all <c>a/snap_iter_*</c> go.</param>
    /// <param name="age">How long a file must have been untouched.</param>
    internal static void RemoveLeftovers(string path, TimeSpan age)
    {
        string full = Path.GetFullPath(path);
        try
        {
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}*.tmp"))
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > age)
                {
                    File.Delete(file);
                }
            }
        }
        catch (Exception e) when (IsFileError(e))
        {
            // Leftovers cost space and nothing else.
        }
    }

    /// <summary>Flushes the content to the disk and puts it in the old file's place.</summary>
    /// <exception cref="CortadoException">The disk is full, or another program holds the old file.</exception>
    public void Commit()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            Replace();
            _done = true;
        }
        catch (Exception e) when (IsFileError(e))
        {
            throw Refused(_path, e);
        }
    }

    /// <summary>Ends the writing. What was not committed is removed.</summary>
    public void Dispose()
    {
        if (_done)
        {
            return;
        }

        _done = true;
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // The buffer could not be written out, which is no matter any more.
        }

        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (IsFileError(e))
        {
            // A leftover file is better than hiding the error that led here.
        }
    }

    private static bool IsFileError(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static CortadoException Refused(string path, Exception e) => new($"{path}: cannot be written: {e.Message}", e);

    /// <summary>
    /// Moves the temporary file over the old one. On Windows a virus scanner or a reader may hold the old file for a moment: wait a little.
    /// </summary>
    private void Replace()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
#if NET
                File.Move(_temporary, _path, overwrite: true);
#else
                if (File.Exists(_path))
                {
                    File.Replace(_temporary, _path, null);
                }
                else
                {
                    File.Move(_temporary, _path);
                }
#endif
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && attempt < Attempts && File.Exists(_temporary))
            {
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
