using System.Text;

namespace Cortado.Formats;

/// <summary>Recognises files that are often given where a Caffe file is wanted, to say so instead of "corrupt".</summary>
internal static class FileKind
{
    /// <summary>A sentence on what the file seems to be and what to do, or null where nothing is known.</summary>
    public static string? Explain(ReadOnlySpan<byte> start)
    {
        if (IsHdf5(start))
        {
            return "it is an HDF5 file, and only the binary form is read here; in Caffe, set snapshot_format: BINARYPROTO and save again, "
                + "or load it there (caffe.Net) and save() it as .caffemodel";
        }

        if (StartsWith(start, "version https://git-lfs"))
        {
            return "it is a Git LFS pointer, not the file itself; run git lfs pull";
        }

        if (StartsWith(start, "PK\u0003\u0004") || StartsWith(start, "\u001f\u008b"))
        {
            return "it is a compressed archive; unpack it first";
        }

        if (StartsWith(start, "<!DOCTYPE") || StartsWith(start, "<html") || StartsWith(start, "<?xml"))
        {
            return "it is a web page, probably a failed download";
        }

        return LooksLikeText(start) ? "it looks like a text file; it may be a prototxt" : null;
    }

    /// <summary>Refuses a folder where a file is wanted: to open one is "access denied" to most systems.</summary>
    /// <param name="path">What was given.</param>
    /// <param name="expected">What is wanted, with its article.</param>
    /// <exception cref="CortadoException">It is a folder.</exception>
    public static void RefuseFolder(string path, string expected)
    {
        if (Directory.Exists(path)) throw new CortadoException($"{path}: is a folder; expected {expected}.");
    }

    public static bool IsHdf5(ReadOnlySpan<byte> start) => StartsWith(start, "\u0089HDF\r\n\u001a\n");

    private static bool StartsWith(ReadOnlySpan<byte> start, string latin1)
    {
        if (start.Length < latin1.Length)
        {
            return false;
        }

        for (int i = 0; i < latin1.Length; i++)
        {
            if (start[i] != latin1[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> start)
    {
        foreach (byte b in start)
        {
            if (b < 0x20 && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return false;
            }
        }

        return start.Length > 0;
    }
}
