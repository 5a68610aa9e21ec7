using System.Globalization;
using Cortado.Backends;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Lmdb;

namespace Cortado.Cli.Demo;

/// <summary>The trained network before pictures that neither the training nor its tests ever saw.</summary>
internal sealed class DemoExam(Terminal terminal, ulong seed, long firstPicture)
{
    private const int Pictures = 300, Shown = 12, Size = SceneRenderer.StandardSize;

    /// <summary>Derives the deploy network, classifies the pictures, shows some and gives the share that was right.</summary>
    public float Hold(IBackend backend, CancellationToken cancel)
    {
        WriteDeployNetwork();
        using Classifier classifier = Classifier.Load(DemoFolder.Deploy, DemoFolder.Weights, new ClassifierOptions { Backend = backend, Labels = DemoFolder.Labels });
        var table = new TextTable("picture", "it is a", "the network says", ">probability");
        var image = new Image(3, Size, Size);
        var best = new ClassScore[1];
        int right = 0;
        for (int i = 0; i < Pictures; i++)
        {
            cancel.ThrowIfCancellationRequested();
            byte[] rgb = PictureSet.Picture(seed, firstPicture + i);
            SceneClass truth = SceneRenderer.ClassOf(firstPicture + i);
            if (i < Shown)
            {
                string name = truth.ToString().ToLowerInvariant(), file = $"{DemoFolder.Pictures}/{i.ToString("D2", CultureInfo.InvariantCulture)}_{name}.png";
                ContactSheet.WritePng(file, rgb, Size, Size);
                best[0] = classifier.Classify(file, 1)[0];
                table.Row(file, name, best[0].Label, best[0].Probability.ToString("F4", CultureInfo.InvariantCulture));
            }
            else
            {
                PictureSet.ToPlanes(rgb, image.Pixels);
                classifier.Classify(image, best);
            }
            if (best[0].Index == (int)truth) right++;
        }
        table.Write(terminal);
        terminal.Line();
        terminal.Line($"Of {Pictures} such pictures {right} are told rightly: {(100.0 * right / Pictures).ToString("F1", CultureInfo.InvariantCulture)} %.");
        return (float)right / Pictures;
    }

    private static void WriteDeployNetwork()
    {
        PrototxtDocument<NetParameter> net = NetFile.Load(DemoFolder.Net);
        var paths = new PathResolver(DemoFolder.Net);
        DeployNetwork deploy = DeployNetwork.Derive(net.Message, TrainingImageSize.Of(net.Message, new LmdbProvider(), paths));
        DeployFile.Write(DemoFolder.Deploy, deploy, paths);
    }
}
