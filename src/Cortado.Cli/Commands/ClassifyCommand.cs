using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cortado.Backends;
using Cortado.Inference;
using Cortado.Lmdb;
using Cortado.OpenCL;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado classify</c>: what images show.</summary>
internal static class ClassifyCommand
{
    private const int DefaultTop = 5;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The network prototxt: a deploy network, or the training network, from which it is derived.", HelpName = "F", Required = true };
        var weights = new Option<string>("--weights") { Description = "Trained weights, a .caffemodel.", HelpName = "F", Required = true };
        var labels = new Option<string?>("--labels") { Description = "The classes' names, one a line. Default: labels.txt beside the network or the weights.", HelpName = "F" };
        var top = Numbers.Positive("--top", $"How many classes to give. Default {DefaultTop}.");
        var device = DeviceOption.Create();
        var half = HalfOption.Create();
        var noTune = DeviceOption.CreateNoTune("Leave out trying kernels in the background on a graphics card that nobody has tuned.");
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var images = new Argument<string[]>("IMAGE") { Description = "PNG, JPEG, BMP or other image files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("classify", "Say what images show, prepared as training prepared its own.") { model, weights, labels, top, device, half, noTune, json, images };
        command.SetAction(parsed =>
        {
            using IBackend backend = DeviceOption.Open(parsed.GetValue(device), null, parsed.GetValue(half), !parsed.GetValue(noTune), terminal);
            using Classifier classifier = Load(backend);
            foreach (string note in classifier.Notes) terminal.Note(note);
            int code = Run(terminal, classifier, parsed.GetRequiredValue(images), parsed.GetValue(top) ?? DefaultTop, parsed.GetValue(json), out List<string> answered);
            if (parsed.GetValue(half))
            {
                using OpenClBackend precise = HalfAccuracy.Whole(backend);
                using Classifier whole = Load(precise);
                terminal.Note(Compare(whole, classifier, answered).ToString());
            }
            return code;

            Classifier Load(IBackend on) => Classifier.Load(parsed.GetRequiredValue(model), parsed.GetRequiredValue(weights),
                new ClassifierOptions { Backend = on, Labels = parsed.GetValue(labels), Databases = new LmdbProvider() });
        });
        return command;
    }

    private static HalfAccuracy Compare(Classifier whole, Classifier half, List<string> images)
    {
        var accuracy = new HalfAccuracy();
        foreach (string image in images) accuracy.Add(Probabilities(whole, image), Probabilities(half, image), whole.Labels.Count);
        return accuracy;
    }

    private static float[] Probabilities(Classifier classifier, string image)
    {
        var probabilities = new float[classifier.Labels.Count];
        foreach (ClassScore score in classifier.Classify(image, probabilities.Length)) probabilities[score.Index] = score.Probability;
        return probabilities;
    }

    /// <summary>An image that cannot be read does not keep the others from their answers; the exit code tells of it.</summary>
    private static int Run(Terminal terminal, Classifier classifier, string[] images, int top, bool json, out List<string> answered)
    {
        int failed = 0;
        answered = [];
        var answers = new List<(string Image, IReadOnlyList<ClassScore> Scores)>();
        foreach (string image in images)
        {
            try
            {
                answers.Add((image, classifier.Classify(image, top)));
                answered.Add(image);
            }
            catch (CortadoException error) when (images.Length > 1 && error is not DeviceException)
            {
                terminal.Error.WriteLine($"error: {error.Message}");
                failed++;
            }
        }
        if (json) WriteJson(terminal, answers);
        else
            foreach ((string image, IReadOnlyList<ClassScore> scores) in answers) WriteText(terminal, image, scores);
        return failed == 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    private static void WriteText(Terminal terminal, string image, IReadOnlyList<ClassScore> scores)
    {
        terminal.Line(image);
        foreach (ClassScore score in scores)
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {score.Probability,8:F4}  {score.Label}"));
    }

    private static void WriteJson(Terminal terminal, List<(string Image, IReadOnlyList<ClassScore> Scores)> answers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach ((string image, IReadOnlyList<ClassScore> scores) in answers)
            {
                json.WriteStartObject();
                json.WriteString("image", image);
                json.WriteStartArray("classes");
                foreach (ClassScore score in scores)
                {
                    json.WriteStartObject();
                    json.WriteNumber("index", score.Index);
                    json.WriteString("label", score.Label);
                    json.WriteNumber("probability", score.Probability);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        terminal.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
