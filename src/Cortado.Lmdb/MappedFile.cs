using System.IO.MemoryMappedFiles;

namespace Cortado.Lmdb;

/// <summary>
/// A file mapped for reading. It stays mapped until the database and every cursor on it are disposed, so a forgotten cursor
/// never reads unmapped memory.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    public MappedFile(string path)
    {
        Path = path;
        FileStream? stream = null;
        try
        {
            // Sharing everything: a program that writes the database at the same time must not be stopped.
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            Length = stream.Length;
            if (Length == 0) throw new CortadoException($"{path}: not an LMDB data file: it is empty.");
            _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            stream = null;
            _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            _map?.Dispose();
            throw new CortadoException($"{path}: cannot be opened: {e.Message}", e);
        }
        finally
        {
            stream?.Dispose();
        }
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Keeps the file mapped until <see cref="Release"/>.</summary>
    public byte* Acquire()
    {
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        return pointer + _view.PointerOffset;
    }

    public void Release() => _view.SafeMemoryMappedViewHandle.ReleasePointer();

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
    }
}
