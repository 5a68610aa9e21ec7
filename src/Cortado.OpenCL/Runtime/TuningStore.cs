using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Cortado.Formats;
using MessagePack;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// Winners of tuning on disk, a MessagePack file each, named after a hash of all that they depend on. A file that cannot be read, is broken or
/// belongs to another key counts as none; one that cannot be written is not written. Two writers never mix: the later file stands whole.
/// </summary>
internal sealed class TuningStore
{
    private const string Magic = "Cortado tuning 1", ProgressMagic = "Cortado tuning progress 1";
    private const int Elements = 4, ProgressElements = 5;

    private readonly string _folder;

    /// <summary>Creates a store in a folder, which need not exist.</summary>
    public TuningStore(string folder) => _folder = Path.Combine(folder, "tuning");

    /// <summary>All that a winner depends on: what is tuned, the device, its driver, the text of the kernels.</summary>
    public static string KeyOf(string what, OpenClDevice device, params string[] kernelFiles)
    {
        string key = string.Join("\n", what, device.Platform, device.Name, device.DriverVersion, device.Version);
        foreach (string file in kernelFiles) key += "\n" + KernelSource.Read(file).Hash;
        return key;
    }

    /// <summary>The compile options of a key's winner, or null.</summary>
    public string? Read(string key) => ReadFile(key, bytes =>
    {
        var reader = new MessagePackReader(bytes);
        return reader.ReadArrayHeader() == Elements && reader.ReadString() == Magic && reader.ReadString() == key ? reader.ReadString() : null;
    });

    /// <summary>Keeps the winner of a key with its speed, and forgets how far a search for it was. Returns the file's path; null where it could not be written.</summary>
    public string? Write(string key, string options, double flopsPerSecond)
    {
        string? path = WriteFile(key, (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(Elements);
            writer.Write(Magic);
            writer.Write(key);
            writer.Write(options);
            writer.Write(flopsPerSecond);
        });
        if (path != null) DeleteFile(ProgressKey(key));
        return path;
    }

    /// <summary>How far the search for a key's winner is, or null where none was begun.</summary>
    public TuningProgress? ReadProgress(string key) => ReadFile(ProgressKey(key), bytes =>
    {
        var reader = new MessagePackReader(bytes);
        if (reader.ReadArrayHeader() != ProgressElements || reader.ReadString() != ProgressMagic || reader.ReadString() != key) return null;
        double seconds = reader.ReadDouble();
        string? best = reader.ReadString();
        var tried = new List<string>();
        for (int left = reader.ReadArrayHeader(); left > 0; left--) tried.Add(reader.ReadString() ?? "");
        return seconds >= 0 ? new TuningProgress(seconds, best, tried) : null;
    });

    /// <summary>Keeps how far the search for a key's winner is. Returns whether it could be written.</summary>
    public bool WriteProgress(string key, TuningProgress progress) => WriteFile(ProgressKey(key), (ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(ProgressElements);
        writer.Write(ProgressMagic);
        writer.Write(key);
        writer.Write(progress.Seconds);
        writer.Write(progress.Best);
        writer.WriteArrayHeader(progress.Tried.Count);
        foreach (string options in progress.Tried) writer.Write(options);
    }) != null;

    /// <summary>Whether a winner could be kept.</summary>
    public bool IsWritable()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            string probe = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".probe");
            File.WriteAllBytes(probe, Array.Empty<byte>());
            File.Delete(probe);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }

    internal string PathOf(string key)
    {
        using SHA256 sha = SHA256.Create();
        return Path.Combine(_folder, KernelSource.Hex(sha.ComputeHash(Encoding.UTF8.GetBytes(key))).Substring(0, 40) + ".msgpack");
    }

    private static string ProgressKey(string key) => "progress\n" + key;

    private T? ReadFile<T>(string key, Func<byte[], T?> parse) where T : class
    {
        try
        {
            string path = PathOf(key);
            return File.Exists(path) ? parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException
            or MessagePackSerializationException or InvalidOperationException)
        {
            return null;
        }
    }

    private string? WriteFile(string key, Content write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        try
        {
            Directory.CreateDirectory(_folder);
            string path = PathOf(key);
            byte[] bytes = buffer.WrittenSpan.ToArray();
            AtomicFile.Write(path, stream => stream.Write(bytes, 0, bytes.Length));
            return path;
        }
        catch (Exception failure) when (failure is CortadoException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private void DeleteFile(string key)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // It says nothing any more where there is a winner.
        }
    }

    private delegate void Content(ref MessagePackWriter writer);
}
