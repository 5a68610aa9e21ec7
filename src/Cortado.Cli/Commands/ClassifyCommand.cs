using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cortado.Backends;
using Cortado.Inference;
using Cortado.Lmdb;

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
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var images = new Argument<string[]>("IMAGE") { Description = "PNG, JPEG, BMP or other image files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("classify", "Say what images show, prepared as training prepared its own.") { model, weights, labels, top, device, json, images };
        command.SetAction(parsed =>
        {
            using IBackend backend = DeviceOption.Open(parsed.GetValue(device), null, terminal);
            var options = new ClassifierOptions { Backend = backend, Labels = parsed.GetValue(labels), Databases = new LmdbProvider() };
            using Classifier classifier = Classifier.Load(parsed.GetRequiredValue(model), parsed.GetRequiredValue(weights), options);
            foreach (string note in classifier.Notes) terminal.Note(note);
            return Run(terminal, classifier, parsed.GetRequiredValue(images), parsed.GetValue(top) ?? DefaultTop, parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>An image that cannot be read does not keep the others from their answers; the exit code tells of it.</summary>
    private static int Run(Terminal terminal, Classifier classifier, string[] images, int top, bool json)
    {
        int failed = 0;
        var answers = new List<(string Image, IReadOnlyList<ClassScore> Scores)>();
        foreach (string image in images)
        {
            try
            {
                answers.Add((image, classifier.Classify(image, top)));
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
