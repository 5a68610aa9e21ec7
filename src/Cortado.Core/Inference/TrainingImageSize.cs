using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Inference;

/// <summary>Learns from a training's own database how large its stored images are.</summary>
public static class TrainingImageSize
{
    /// <summary>What the first record shows; all unknown where there is no database or it cannot be read.</summary>
    /// <param name="net">The training network.</param>
    /// <param name="databases">Opens the database.</param>
    /// <param name="paths">Finds it.</param>
    public static TrainingImages Of(NetParameter net, IRecordDatabaseProvider? databases, PathResolver paths)
    {
        LayerParameter? data = DeployNetwork.DataLayer(net);
        if (data?.Type == "ImageData" && data.ImageDataParam is { } images)
            return new TrainingImages
            {
                Channels = images.IsColor ? 3 : 1,
                Height = images.NewHeight > 0 ? (int)images.NewHeight : null,
                Width = images.NewWidth > 0 ? (int)images.NewWidth : null,
            };
        if (data?.Type != "Data" || databases == null || data.DataParam?.HasSource != true) return new TrainingImages();
        try
        {
            using IRecordDatabase database = databases.Open(paths.Existing(data.DataParam.Source, "database"), data.DataParam.Backend);
            using IRecordCursor cursor = database.OpenCursor();
            if (!cursor.MoveToFirst()) return new TrainingImages();
            var datum = new DatumView(cursor.Value);
            var pixels = new DatumPixels();
            pixels.Decode(datum, ImageColor.AsStored);
            return new TrainingImages { Channels = pixels.Channels, Height = pixels.Height, Width = pixels.Width };
        }
        catch (CortadoException)
        {
            // A network can be deployed where its database is not at hand; the caller says what is not known.
            return new TrainingImages();
        }
    }
}
