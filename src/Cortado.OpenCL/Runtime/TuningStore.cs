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
    private const string Magic = "Cortado tuning 1";
    private const int Elements = 4;

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
    public string? Read(string key)
    {
        try
        {
            string path = PathOf(key);
            if (!File.Exists(path)) return null;
            var reader = new MessagePackReader(File.ReadAllBytes(path));
            if (reader.ReadArrayHeader() != Elements || reader.ReadString() != Magic || reader.ReadString() != key) return null;
            return reader.ReadString();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException
            or MessagePackSerializationException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Keeps the winner of a key with its speed. Returns the file's path; null where it could not be written.</summary>
    public string? Write(string key, string options, double flopsPerSecond)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(Elements);
        writer.Write(Magic);
        writer.Write(key);
        writer.Write(options);
        writer.Write(flopsPerSecond);
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
}
