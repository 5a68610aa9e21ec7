using Cortado.Formats;

namespace Cortado.Data;

/// <summary>A mean image, as compute_image_mean writes it: one float per channel, row and column, before any crop.</summary>
public sealed class MeanImage
{
    /// <summary>Creates a mean.</summary>
    /// <param name="values">The means, plane by plane.</param>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    public MeanImage(float[] values, int channels, int height, int width, string source)
    {
        if ((long)channels * height * width != values.Length)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{source}: the mean says it is {channels} x {height} x {width} (channels, height, width) but has {values.Length} numbers."));
        }

        Values = values;
        Channels = channels;
        Height = height;
        Width = width;
        Source = source;
    }

    /// <summary>The means, plane by plane.</summary>
    public float[] Values { get; }

    /// <summary>Planes.</summary>
    public int Channels { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Where it comes from, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads a .binaryproto.</summary>
    /// <exception cref="CortadoException">It cannot be read or holds no image of 1 x channels x height x width.</exception>
    public static MeanImage Read(string path) => From(BinaryProtoFile.Load(path), path);

    /// <summary>Reads a .binaryproto that is in memory.</summary>
    /// <param name="stream">A stream that can seek; it is disposed.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="CortadoException">It cannot be read or holds no image of 1 x channels x height x width.</exception>
    public static MeanImage Read(Stream stream, string name) => From(BinaryProtoFile.Load(stream, name), name);

    private static MeanImage From(BinaryProtoFile file, string path)
    {
        int[] shape = file.Shape.ToArray();
        if (shape.Length == 4 && shape[0] == 1) shape = shape.AsSpan(1).ToArray();
        if (shape.Length != 3)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{path}: an array of {string.Join(" x ", file.Shape)} is no mean image; 1 x channels x height x width is expected."));
        }

        return new MeanImage(file.Data, shape[0], shape[1], shape[2], path);
    }

    /// <summary>Writes a .binaryproto as compute_image_mean does: beside its place first, then moved there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="CortadoException">There is a file and <paramref name="overwrite"/> is false, or it cannot be written.</exception>
    public void Write(string path, bool overwrite = false)
    {
        if (!overwrite && File.Exists(path)) throw new CortadoException($"There is already a file {path}; it is not replaced unless you ask for it (--force).");
        BinaryProtoFile.Write(path, new WeightArray(new[] { 1, Channels, Height, Width }, Values));
    }
}
