namespace Cortado.Formats;

/// <summary>A <c>.binaryproto</c>: one array, such as the mean image that Caffe's <c>compute_image_mean</c> writes.</summary>
public sealed class BinaryProtoFile
{
    private const string What = "a .binaryproto";

    private BinaryProtoFile(IReadOnlyList<int> shape, float[] data)
    {
        Shape = shape;
        Data = data;
    }

    /// <summary>The dimensions, outermost first; a mean image has (1, channels, height, width).</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values, row-major.</summary>
    public float[] Data { get; }

    /// <summary>Reads an array from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array.</returns>
    /// <exception cref="CortadoException">The file cannot be read, is damaged, or is of another kind.</exception>
    public static BinaryProtoFile Load(string path) => Read(WireFile.Open(path, What));

    /// <summary>Reads an array from a stream that can seek.</summary>
    /// <param name="stream">The stream; it is disposed.</param>
    /// <param name="name">The name that errors give.</param>
    /// <returns>The array.</returns>
    /// <exception cref="CortadoException">The content is damaged or of another kind.</exception>
    public static BinaryProtoFile Load(Stream stream, string name)
    {
        ThrowIf.Null(stream, nameof(stream));
        return Read(WireFile.Open(stream, name, What));
    }

    /// <summary>
    /// Writes an array as Caffe does: four dimensions in the form <c>num channels height width</c> of its mean tool, others with a shape.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="blob">The array.</param>
    /// <exception cref="CortadoException">The file cannot be written, or would be larger than 2 GiB.</exception>
    public static void Write(string path, WeightArray blob)
    {
        ThrowIf.Null(blob, nameof(blob));
        AtomicFile.Write(path, stream =>
        {
            var writer = new WireWriter(stream, path);
            if (blob.Shape.Count == 4)
            {
                BlobWriter.WriteLegacy(writer, blob);
            }
            else
            {
                BlobWriter.Write(writer, blob);
            }

            writer.Flush();
        });
    }

    private static BinaryProtoFile Read(WireFile file)
    {
        using (file)
        {
            var blob = new WeightBlob(file, file.Cursor(), "the array");
            if (blob.StoredCount == 0)
            {
                throw file.Corrupt(0, "it holds no values");
            }

            return new BinaryProtoFile(blob.Shape, blob.ToArray());
        }
    }
}
