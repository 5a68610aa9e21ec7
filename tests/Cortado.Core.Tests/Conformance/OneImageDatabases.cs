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

    public void Make(string source, int channels, int height, int width)
    {
        string path = Path.GetFullPath(source, _folder);
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var image = new Datum { Channels = channels, Height = height, Width = width, Label = 0, Data = ByteString.CopyFrom(new byte[channels * height * width]) };
        using LmdbWriter writer = LmdbWriter.Create(path);
        writer.Put("00000000"u8, image.ToByteArray());
        writer.Commit();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
