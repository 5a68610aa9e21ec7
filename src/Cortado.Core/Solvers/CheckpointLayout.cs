namespace Cortado.Solvers;

/// <summary>
/// A training checkpoint is one MessagePack array of five elements:
/// <c>["cortado-checkpoint", version, header, blobs, checksum]</c>. The header is a map of named numbers. Each blob, all weights first and then the
/// history in Caffe's order, is <c>[name, [extents], [chunks]]</c>, a chunk being a bin of little-endian float32. The checksum is a bin of 8 bytes:
/// XXH64, little-endian, of everything before that bin.
/// </summary>
internal static class CheckpointLayout
{
    public const string Magic = "cortado-checkpoint";

    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int Version = 1;

    public const int Elements = 5;

    /// <summary>Fields of the header.</summary>
    public const int HeaderFields = 13;

    /// <summary>More networks than any solver has.</summary>
    public const int MostNets = 1000;

    /// <summary>Floats in a chunk; only the last of a blob may have fewer.</summary>
    public const int ChunkFloats = 1 << 18;

    /// <summary>The checksum's bin at the end of the file: two bytes of header and eight of content.</summary>
    public const int TrailerBytes = 10;

    /// <summary>The first byte of a bin of less than 256 bytes (MessagePack's bin 8).</summary>
    public const byte Bin8 = 0xc4;

    public const string Iteration = "iteration", CurrentStep = "current_step", Seed = "seed", SolverType = "solver", Network = "network",
        AverageLoss = "average_loss", LossesAdded = "losses_added", SmoothedLoss = "smoothed_loss", LossWindow = "loss_window",
        HistoryHash = "history_hash", Weights = "weights", History = "history", Cursors = "cursors";
}
