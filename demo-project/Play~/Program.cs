using System.CommandLine;
using System.Diagnostics;
using Cortado.Demo.Play;

var output = new Option<string>("--out") { Description = "The folder for the pictures, the recordings and the network.", HelpName = "FOLDER", DefaultValueFactory = _ => "sorting-gate" };
var device = new Option<string>("--device") { Description = "What trains: cpu, or auto for the fastest of what there is.", HelpName = "cpu|auto", DefaultValueFactory = _ => "cpu" };
device.AcceptOnlyFromAmong("cpu", "auto");
var command = new RootCommand("Plays the sorting gate without the engine: sorts by chance, records, trains, and sorts with the trained network. Writes a film strip and the score's curve.") { output, device };
command.SetAction(parsed =>
{
    using var cancel = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        // The first Ctrl+C ends the game in order, a second one at once.
        pressed.Cancel = !cancel.IsCancellationRequested;
        cancel.Cancel();
    };
    string folder = Path.GetFullPath(parsed.GetRequiredValue(output));
    var watch = Stopwatch.StartNew();
    try
    {
        Recordings.Clear(folder);
        using var game = new Game(folder);
        var story = new Story(game, parsed.GetRequiredValue(device), line => Console.WriteLine(FormattableString.Invariant($"{watch.Elapsed.TotalSeconds,6:F1} s  {line}")), cancel.Token);
        try
        {
            story.Tell();
        }
        finally
        {
            story.Save(folder);
        }
        story.SavePoster(Path.Combine(folder, "poster.jpg"));
        Console.WriteLine($"Wrote strip.png, score.png and poster.jpg to {folder}.");
        return 0;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine($"Cancelled. What there was to see until then lies in {folder}.");
        return 130;
    }
    catch (Cortado.CortadoException error)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke();
