using System.Text;
using Cortado.Formats;

namespace Cortado.Inference;

/// <summary>Writes a deploy network with a head that says how its images are prepared, and its mean image beside it.</summary>
public static class DeployFile
{
    /// <summary>Writes the network; a mean file that it names is copied beside it, so that the folder can be moved.</summary>
    /// <param name="path">The prototxt to write; an existing one is replaced only when all is on disk.</param>
    /// <param name="deploy">The derived network.</param>
    /// <param name="paths">Finds the mean file.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="CortadoException">A file cannot be read or written.</exception>
    public static IReadOnlyList<string> Write(string path, DeployNetwork deploy, PathResolver paths)
    {
        var written = new List<string>();
        NetParameter net = deploy.Net.Clone();
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer.Type != "Input" || layer.TransformParam?.HasMeanFile != true) continue;
            string source = paths.Existing(layer.TransformParam.MeanFile, "mean file");
            string name = Path.GetFileName(source);
            string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
            if (Path.GetFullPath(source) != Path.GetFullPath(beside))
            {
                Copy(source, beside);
                written.Add(beside);
            }
            layer.TransformParam.MeanFile = name;
        }
        byte[] text = Encoding.UTF8.GetBytes(Head(net) + Prototxt.Print(net));
        AtomicFile.Write(path, stream => stream.Write(text, 0, text.Length));
        written.Insert(0, path);
        return written;
    }

    /// <summary>How the images of a deploy network are prepared, in words: a line a step.</summary>
    public static IReadOnlyList<string> Steps(NetParameter net)
    {
        var steps = new List<string>();
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer.Type != "Input") continue;
            BlobShape? shape = layer.InputParam?.Shape.Count > 0 ? layer.InputParam.Shape[0] : null;
            steps.Add(shape?.Dim.Count > 1 && shape.Dim[1] == 1 ? "pixels 0..255, gray" : "pixels 0..255, channels blue, green, red");
            if (layer.ImageDataParam is { NewHeight: > 0 } stored)
                steps.Add(FormattableString.Invariant($"resize to {stored.NewHeight} x {stored.NewWidth} (height x width), as training's images were"));
            TransformationParameter? transform = layer.TransformParam;
            if (transform?.CropSize > 0) steps.Add(FormattableString.Invariant($"crop {transform.CropSize} x {transform.CropSize} from the centre"));
            if (transform?.HasMeanFile == true) steps.Add($"subtract the mean image {transform.MeanFile}");
            if (transform?.MeanValue.Count > 0) steps.Add("subtract " + string.Join(", ", Invariant(transform.MeanValue)));
            if (transform != null && transform.Scale != 1) steps.Add(FormattableString.Invariant($"multiply by {transform.Scale}"));
        }
        return steps;
    }

    private static IEnumerable<string> Invariant(IEnumerable<float> values)
    {
        foreach (float value in values) yield return value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Head(NetParameter net)
    {
        var head = new StringBuilder("# Made by cortado deploy. The Input layer records how training prepared its images\n# (Caffe ignores that record; prepare images so by hand there):\n");
        foreach (string step in Steps(net)) head.Append("#   ").Append(step).Append('\n');
        return head.ToString();
    }

    private static void Copy(string source, string target)
    {
        try
        {
            File.Copy(source, target, true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"The mean file {source} cannot be copied to {target}: {error.Message}", error);
        }
    }
}
