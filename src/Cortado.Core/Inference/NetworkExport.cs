using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Inference;

/// <summary>The files of a network that classifies, all of one name: <c>NAME.prototxt</c>, <c>NAME.caffemodel</c> and, where classes have names, <c>NAME.labels.txt</c>.</summary>
/// <param name="Model">The deploy network.</param>
/// <param name="Weights">The weights.</param>
/// <param name="Labels">The classes' names; null where they are not known.</param>
/// <param name="Notes">What was left out or had to be assumed, a sentence each.</param>
public sealed record ExportedNetwork(string Model, string Weights, string? Labels, IReadOnlyList<string> Notes);

/// <summary>Takes what a program needs to classify out of a training: the deploy network derived, a snapshot's weights, the classes' names.</summary>
public static class NetworkExport
{
    /// <summary>The ending of a labels file that belongs to one network.</summary>
    public const string LabelsEnding = ".labels.txt";

    private const int CopyBytes = 1 << 18;

    /// <summary>Writes the files.</summary>
    /// <param name="trainNet">The training network's prototxt.</param>
    /// <param name="weights">The snapshot's <c>.caffemodel</c>.</param>
    /// <param name="labels">The classes' names; null for none.</param>
    /// <param name="path">Folder and name of the files, without an ending. Existing ones are replaced, each only when all of it is on disk.</param>
    /// <param name="databases">Opens the training database, to learn how large its pictures are.</param>
    /// <param name="cancel">Stops the work; then nothing is written.</param>
    /// <exception cref="CortadoException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ExportedNetwork Write(string trainNet, string weights, string? labels, string path, IRecordDatabaseProvider? databases, CancellationToken cancel = default)
    {
        NetParameter net = NetFile.Load(trainNet).Message;
        var paths = new PathResolver(trainNet);
        DeployNetwork deploy = DeployNetwork.Derive(net, TrainingImageSize.Of(net, databases, paths));
        string model = path + ".prototxt", target = path + ".caffemodel";
        // The weights first: they take long, and a network without them would be in the way.
        Copy(weights, target, cancel);
        DeployFile.Write(model, deploy, paths);
        string? names = labels == null ? null : path + LabelsEnding;
        if (names != null) LabelsFile.Write(names, LabelsFile.Read(labels!), overwrite: true);
        return new ExportedNetwork(model, target, names, deploy.Notes);
    }

    private static void Copy(string source, string target, CancellationToken cancel)
    {
        try
        {
            using FileStream from = File.OpenRead(source);
            AtomicFile.Write(target, to =>
            {
                var some = new byte[CopyBytes];
                int count;
                do
                {
                    cancel.ThrowIfCancellationRequested();
                    count = from.Read(some, 0, some.Length);
                    to.Write(some, 0, count);
                }
                while (count > 0);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"The weights {source} cannot be copied to {target}: {error.Message}", error);
        }
    }
}
