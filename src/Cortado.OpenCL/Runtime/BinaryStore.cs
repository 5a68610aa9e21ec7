using System.Security.Cryptography;
using System.Text;
using Cortado.Formats;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// Compiled programs on disk, one file each, named after a hash of all that they depend on. A file that cannot be read, is
/// broken or belongs to another key counts as none; one that cannot be written is not written. So the worst that a cache can do
/// is nothing.
/// </summary>
internal sealed class BinaryStore
{
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("CortadoCL1\n");

    private readonly string _folder;

    /// <summary>Creates a store in a folder, which need not exist.</summary>
    public BinaryStore(string folder) => _folder = Path.Combine(folder, "kernels");

    /// <summary>The program of a key, or null.</summary>
    public byte[]? Read(string key)
    {
        try
        {
            string path = PathOf(key);
            if (!File.Exists(path)) return null;
            byte[] file = File.ReadAllBytes(path), name = Encoding.UTF8.GetBytes(key);
            int start = Magic.Length + sizeof(int) + name.Length + 32;
            if (file.Length <= start || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic)) return null;
            if (BitConverter.ToInt32(file, Magic.Length) != name.Length || !file.AsSpan(Magic.Length + sizeof(int), name.Length).SequenceEqual(name)) return null;
            byte[] binary = file.AsSpan(start).ToArray();
            return file.AsSpan(start - 32, 32).SequenceEqual(HashOf(binary)) ? binary : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Keeps the program of a key. Written beside and renamed: a reader never sees half of it.</summary>
    public void Write(string key, byte[] binary)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            byte[] name = Encoding.UTF8.GetBytes(key), hash = HashOf(binary);
            AtomicFile.Write(PathOf(key), stream =>
            {
                stream.Write(Magic, 0, Magic.Length);
                stream.Write(BitConverter.GetBytes(name.Length), 0, sizeof(int));
                stream.Write(name, 0, name.Length);
                stream.Write(hash, 0, hash.Length);
                stream.Write(binary, 0, binary.Length);
            });
        }
        catch (Exception failure) when (failure is CortadoException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // Without a cache the next start compiles again.
        }
    }

    /// <summary>How many programs whose keys begin with a text there are, and their size in bytes.</summary>
    public (int Programs, long Bytes) Count(string keyStart)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(keyStart), found = new byte[Magic.Length + sizeof(int) + wanted.Length];
        (int programs, long bytes) = (0, 0);
        try
        {
            if (!Directory.Exists(_folder)) return default;
            foreach (string path in Directory.GetFiles(_folder, "*.bin"))
            {
                using FileStream stream = File.OpenRead(path);
                int length = stream.Read(found, 0, found.Length);
                if (length < found.Length || !found.AsSpan(0, Magic.Length).SequenceEqual(Magic) || !found.AsSpan(Magic.Length + sizeof(int)).SequenceEqual(wanted)) continue;
                programs++;
                bytes += stream.Length;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // As much as could be seen.
        }
        return (programs, bytes);
    }

    private string PathOf(string key) => Path.Combine(_folder, KernelSource.Hex(HashOf(Encoding.UTF8.GetBytes(key))).Substring(0, 40) + ".bin");

    private static byte[] HashOf(byte[] bytes)
    {
        using SHA256 sha = SHA256.Create();
        return sha.ComputeHash(bytes);
    }
}
