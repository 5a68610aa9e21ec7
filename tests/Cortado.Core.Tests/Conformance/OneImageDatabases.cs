using Cortado.Formats;
using Cortado.Lmdb;
using Google.Protobuf;

namespace Cortado.Tests.Conformance;

/// <summary>A folder with a database of one black image under each name that a network asks for.</summary>
internal sealed class OneImageDatabases : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-").FullName;

    /// <summary>A prototxt's path in the folder, from which the network finds the databases. No such file exists.</summary>
    public string FileName => Path.Combine(_folder, "net.prototxt");

    /// <summary>Makes the database of a Data layer, and its mean file, so that its top gets a shape: with a crop, images are larger.</summary>
    public void Make(LayerParameter layer, int[] shape)
    {
        int crop = (int)(layer.TransformParam?.CropSize ?? 0), margin = crop > 0 ? 10 : 0;
        (int channels, int height, int width) = (shape[1], shape[2] + margin, shape[3] + margin);
        if (layer.TransformParam?.HasMeanFile == true)
            BinaryProtoFile.Write(Place(layer.TransformParam.MeanFile), new WeightArray([1, channels, height, width], new float[channels * height * width]));
        string path = Place(layer.DataParam.Source);
        if (Directory.Exists(path)) return;
        var image = new Datum { Channels = channels, Height = height, Width = width, Label = 0, Data = ByteString.CopyFrom(new byte[channels * height * width]) };
        using LmdbWriter writer = LmdbWriter.Create(path);
        writer.Put("00000000"u8, image.ToByteArray());
        writer.Commit();
    }

    private string Place(string source)
    {
        string path = Path.GetFullPath(source, _folder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
