using Cortado.Formats;
using Google.Protobuf;

namespace Cortado.Data;

/// <summary>A mean image, as compute_image_mean writes it: one float per channel, row and column, before any crop.</summary>
public sealed class MeanImage
{
    private const long GreatestLength = 1 << 30;

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
    /// <exception cref="CortadoException">It cannot be read or holds no image.</exception>
    public static MeanImage Read(string path)
    {
        BlobProto blob;
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > GreatestLength)
                throw new CortadoException(FormattableString.Invariant($"{path}: {info.Length} bytes are too many for a mean image."));
            using FileStream stream = File.OpenRead(path);
            blob = BlobProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new CortadoException($"{path}: not a .binaryproto with a mean image: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{path}: the mean file cannot be read: {e.Message}", e);
        }

        return FromBlob(blob, path);
    }

    /// <summary>The mean in a blob of one item: 1 x channels x height x width, or without the 1.</summary>
    /// <exception cref="CortadoException">The blob has another shape.</exception>
    public static MeanImage FromBlob(BlobProto blob, string source)
    {
        long[] shape = blob.Shape != null ? blob.Shape.Dim.ToArray() : new long[] { blob.Num, blob.Channels, blob.Height, blob.Width };
        if (shape.Length == 4 && shape[0] == 1) shape = shape.AsSpan(1).ToArray();
        if (shape.Length != 3 || shape.Any(n => n is <= 0 or > int.MaxValue))
            throw new CortadoException($"{source}: a blob of shape {string.Join(" x ", shape)} is no mean image; 1 x channels x height x width is expected.");
        float[] values = blob.Data.Count > 0 ? blob.Data.ToArray() : blob.DoubleData.Select(v => (float)v).ToArray();
        return new MeanImage(values, (int)shape[0], (int)shape[1], (int)shape[2], source);
    }

    /// <summary>The mean as compute_image_mean writes it.</summary>
    public BlobProto ToBlob()
    {
        var blob = new BlobProto { Num = 1, Channels = Channels, Height = Height, Width = Width };
        blob.Data.AddRange(Values);
        return blob;
    }

    /// <summary>Writes a .binaryproto: beside its place first, then moved there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="CortadoException">There is a file and <paramref name="overwrite"/> is false, or it cannot be written.</exception>
    public void Write(string path, bool overwrite = false)
    {
        NewFile.Write(path, overwrite, stream => ToBlob().WriteTo(stream));
    }
}
