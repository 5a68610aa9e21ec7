using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;

namespace Cortado.Cli.Inspection;

/// <summary>Looks into a network's database for the size of the images in it.</summary>
internal static class StoredImages
{
    /// <summary>What the first record of the network's data layer says; nothing where it cannot be read.</summary>
    public static TrainingImages Of(NetParameter net, string fileName, IRecordDatabaseProvider databases)
    {
        if (DeployNetwork.DataLayer(net) is not { Type: "Data", DataParam: { } data }) return new TrainingImages();
        try
        {
            using IRecordDatabase database = databases.Open(new PathResolver(fileName).Existing(data.Source, "database"), data.Backend);
            using IRecordCursor cursor = database.OpenCursor();
            return cursor.MoveToFirst() ? Of(cursor.Value) : new TrainingImages();
        }
        catch (CortadoException)
        {
            return new TrainingImages();
        }
    }

    private static TrainingImages Of(ReadOnlySpan<byte> record)
    {
        var datum = new DatumView(record);
        if (!datum.Encoded) return new TrainingImages { Channels = datum.Channels, Height = datum.Height, Width = datum.Width };
        var image = new Image();
        ImageDecoder.Decode(datum.Data.ToArray(), ImageColor.AsStored, image);
        return new TrainingImages { Channels = image.Channels, Height = image.Height, Width = image.Width };
    }
}
