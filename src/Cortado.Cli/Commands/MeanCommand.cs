using System.CommandLine;
using System.Globalization;
using Cortado.Data;
using Cortado.Lmdb;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado mean</c>: the mean image of a database, as Caffe's compute_image_mean makes it.</summary>
internal static class MeanCommand
{
    public static Command Create(Terminal terminal)
    {
        var database = new Argument<string>("DATABASE") { Description = "An LMDB of images of one size." };
        var output = new Argument<string>("OUTPUT") { Description = "The .binaryproto to write." };
        var force = OutputFile.Force();
        var command = new Command("mean", "Compute the mean image of a database, for transform_param's mean_file or mean_value.") { database, output, force };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(database), parsed.GetRequiredValue(output), parsed.GetValue(force)));
        return command;
    }

    private static int Run(Terminal terminal, string path, string output, bool force)
    {
        using var interrupt = new Interrupt(terminal);
        OutputFile.CheckFree(output, force);
        using LmdbDatabase database = LmdbDatabase.Open(path);
        MeanImage mean = ProgressDisplay.Run(terminal, "averaging", database.Count, display =>
            MeanComputer.Compute(database, new DataProgressReport(display), interrupt.Token));
        mean.Write(output, force);
        terminal.Line($"mean of {database.Count} images of {mean.Channels}x{mean.Height}x{mean.Width} written to {output}");
        foreach (float value in MeanComputer.ChannelMeans(mean))
            terminal.Line($"mean_value: {value.ToString("G6", CultureInfo.InvariantCulture)}");
        return ExitCode.Done;
    }
}
