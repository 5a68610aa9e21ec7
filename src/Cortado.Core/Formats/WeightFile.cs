using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>
/// A <c>.caffemodel</c>: a network's layers with their learned arrays, of any generation of Caffe. Opening reads only the outline; each
/// array is read straight from the file to its destination, so a model of hundreds of MiB is in memory once.
/// </summary>
public sealed class WeightFile : IDisposable
{
    private const string What = "a .caffemodel";
    private const int LargestOutline = 256 << 20;

    private readonly WireFile _file;

    private WeightFile(WireFile file)
    {
        _file = file;
        try
        {
            var index = new WeightIndex(file);
            NetName = index.NetName;
            Layers = index.Layers;
            if (Layers.Count == 0)
            {
                throw file.Corrupt(0, "it holds no layers");
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file's name, as it was given.</summary>
    public string FileName => _file.Name;

    /// <summary>The network's name; empty where it has none.</summary>
    public string NetName { get; }

    /// <summary>The layers, in the file's order, those without weights too.</summary>
    public IReadOnlyList<WeightLayer> Layers { get; }

    /// <summary>Opens a weight file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The outline; the file stays open until it is disposed.</returns>
    /// <exception cref="CortadoException">The file cannot be read, is damaged, is larger than 2 GiB, or is of another kind (such as HDF5).</exception>
    public static WeightFile Open(string path) => new(WireFile.Open(path, What));

    /// <summary>Opens weights from a stream that can seek, such as a <see cref="MemoryStream"/>.</summary>
    /// <param name="stream">The stream; it is disposed with the result.</param>
    /// <param name="name">The name that errors give.</param>
    /// <returns>The outline.</returns>
    /// <exception cref="CortadoException">The content is damaged or of another kind.</exception>
    public static WeightFile Open(Stream stream, string name)
    {
        ThrowIf.Null(stream, nameof(stream));
        return new WeightFile(WireFile.Open(stream, name, What));
    }

    /// <summary>
    /// Writes a weight file byte by byte as Caffe does, one array after the other; an existing file is replaced only when all is on disk.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="net">The layers as they stand in the file, without their blobs (which are ignored).</param>
    /// <param name="blobsOfLayer">The learned arrays of a layer of <paramref name="net"/>, by its index; called when the layer is written.</param>
    /// <exception cref="CortadoException">The file cannot be written, or would be larger than the 2 GiB that Caffe can read.</exception>
    public static void Write(string path, NetParameter net, Func<int, IReadOnlyList<WeightArray>> blobsOfLayer)
    {
        ThrowIf.Null(net, nameof(net));
        ThrowIf.Null(blobsOfLayer, nameof(blobsOfLayer));
        AtomicFile.Write(path, stream =>
        {
            var writer = new WireWriter(stream, path);
            NetParameter head = net.Clone();
            head.Layer.Clear();
            writer.WriteRaw(head.ToByteArray());
            for (int i = 0; i < net.Layer.Count; i++)
            {
                WriteLayer(writer, net.Layer[i], blobsOfLayer(i));
            }

            writer.Flush();
        });
    }

    /// <summary>The network that the file describes, upgraded to the current form, without its weights.</summary>
    /// <returns>The network.</returns>
    /// <exception cref="CortadoException">The file is damaged, or an old network in it cannot be upgraded.</exception>
    public NetParameter ReadNet()
    {
        lock (_file)
        {
            byte[] outline = OutlineOf(_file);
            NetParameter net;
            try
            {
                net = NetParameter.Parser.ParseFrom(outline);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new CortadoException($"{_file.Name}: damaged: {e.Message}", e);
            }

            NetUpgrade.Apply(net, null, _file.Name);
            return net;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static void WriteLayer(WireWriter writer, LayerParameter layer, IReadOnlyList<WeightArray> blobs)
    {
        if (layer.Blobs.Count > 0)
        {
            layer = layer.Clone();
            layer.Blobs.Clear();
        }

        byte[] settings = layer.ToByteArray();
        int split = EndOfFieldsBelow(settings, LayerParameter.BlobsFieldNumber);
        long length = settings.Length;
        foreach (WeightArray blob in blobs)
        {
            length += BlobWriter.FieldSize(LayerParameter.BlobsFieldNumber, blob);
        }

        writer.WriteHeader(NetParameter.LayerFieldNumber, length);
        writer.WriteRaw(settings.AsSpan(0, split));
        foreach (WeightArray blob in blobs)
        {
            BlobWriter.WriteField(writer, LayerParameter.BlobsFieldNumber, blob);
        }

        writer.WriteRaw(settings.AsSpan(split));
    }

    /// <summary>Where the blobs go: Caffe writes fields in the order of their numbers.</summary>
    private static int EndOfFieldsBelow(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        while (true)
        {
            int start = (int)input.Position;
            uint tag = input.ReadTag();
            if (tag == 0 || WireFormat.GetTagFieldNumber(tag) >= field)
            {
                return start;
            }

            input.SkipLastField();
        }
    }

    private static byte[] OutlineOf(WireFile file)
    {
        using var target = new MemoryStream();
        CopyWithoutBlobs(file, file.Cursor(), target, Level.Net);
        return target.ToArray();
    }

    private static void CopyWithoutBlobs(WireFile file, WireCursor message, MemoryStream target, Level level)
    {
        while (message.Next())
        {
            Level? inner = (level, message.Field) switch
            {
                (Level.Net, NetParameter.LayerFieldNumber) => Level.Layer,
                (Level.Net, NetParameter.LayersFieldNumber) => Level.V1,
                (Level.V1, V1LayerParameter.LayerFieldNumber) => Level.V0,
                _ => null,
            };
            if (inner is not null)
            {
                using var part = new MemoryStream();
                CopyWithoutBlobs(file, message.Enter(), part, inner.Value);
                var writer = new WireWriter(target, file.Name);
                writer.WriteHeader(message.Field, part.Length);
                writer.Flush();
                part.WriteTo(target);
            }
            else if ((level, message.Field) is not ((Level.Layer, LayerParameter.BlobsFieldNumber)
                or (Level.V1, V1LayerParameter.BlobsFieldNumber)
                or (Level.V0, V0LayerParameter.BlobsFieldNumber)))
            {
                long length = message.Position + message.Length - message.FieldStart;
                if (target.Length + length > LargestOutline)
                {
                    throw file.Corrupt(message.FieldStart, "the layers' settings are larger than any network's");
                }

                byte[] bytes = new byte[length];
                file.Read(message.FieldStart, bytes);
                target.Write(bytes, 0, bytes.Length);
            }
        }
    }

    private enum Level
    {
        Net,
        Layer,
        V1,
        V0,
    }
}
