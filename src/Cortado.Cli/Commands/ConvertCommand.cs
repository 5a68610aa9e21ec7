using System.CommandLine;
using System.Globalization;
using Cortado.Data;
using Cortado.Lmdb;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado convert</c>: a database from image files, as Caffe's convert_imageset makes it.</summary>
internal static class ConvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("SOURCE") { Description = "A folder with one sub-folder per class, or a Caffe list file with a line 'path label' per image." };
        var database = new Argument<string>("DATABASE") { Description = "The LMDB to make." };
        var root = new Option<string?>("--root") { Description = "The folder that a list's paths are relative to. Default: the list's own.", HelpName = "FOLDER" };
        var height = Numbers.Positive("--resize-height", "Rows to resize every image to; with --resize-width.");
        height.Aliases.Add("--resize_height");
        var width = Numbers.Positive("--resize-width", "Columns to resize every image to; with --resize-height.");
        width.Aliases.Add("--resize_width");
        var resize = new Option<string?>("--resize") { Description = "Both at once: HEIGHTxWIDTH, or one number for a square.", HelpName = "HxW" };
        var gray = new Option<bool>("--gray") { Description = "One gray plane instead of blue, green and red." };
        var shuffle = new Option<bool>("--shuffle") { Description = "Write the images in a random order." };
        var seed = Numbers.Seed("--seed", "The seed of that order. Default 1.");
        var encoded = new Option<bool>("--encoded") { Description = "Keep image files as they are and decode them in training: smaller, slower to read." };
        var force = OutputFile.Force();
        var command = new Command("convert", "Make an LMDB of labelled images, and labels.txt with the classes' names beside it.")
        {
            source, database, root, resize, height, width, gray, shuffle, seed, encoded, force,
        };
        command.Validators.Add(result =>
        {
            string? text = result.GetValue(resize);
            if (text != null && ParseSize(text) == null) result.AddError($"--resize {text}: expected HEIGHTxWIDTH, such as 80x80, or one number.");
            if (result.GetResult(height) == null != (result.GetResult(width) == null)) result.AddError("--resize-height and --resize-width belong together.");
        });
        command.SetAction(parsed =>
        {
            (int rows, int columns) = ParseSize(parsed.GetValue(resize)) ?? (parsed.GetValue(height) ?? 0, parsed.GetValue(width) ?? 0);
            var options = new ConversionOptions
            {
                Height = rows,
                Width = columns,
                Gray = parsed.GetValue(gray),
                Shuffle = parsed.GetValue(shuffle),
                Seed = parsed.GetValue(seed) ?? 1,
                Encoded = parsed.GetValue(encoded),
            };
            return Run(terminal, parsed.GetRequiredValue(source), parsed.GetRequiredValue(database), parsed.GetValue(root), options, parsed.GetValue(force));
        });
        return command;
    }

    private static int Run(Terminal terminal, string source, string database, string? root, ConversionOptions options, bool force)
    {
        using var interrupt = new Interrupt(terminal);
        ImageSet set = Directory.Exists(source) ? ImageSet.FromFolder(source) : ImageSet.FromList(source, root);
        string labels = LabelsFile.Beside(database);
        LabelsFile.RefuseOther(labels, set.ClassNames, force);
        using LmdbWriter writer = LmdbWriter.Create(database, force);
        ConversionResult result = ProgressDisplay.Run(terminal, "converting", set.Entries.Count, display =>
            ImageSetConverter.Convert(set, writer, options, new DataProgressReport(display), interrupt.Token));
        LabelsFile.Write(labels, set.ClassNames, force);
        Summarise(terminal, set, result, database, labels);
        return result.Skipped.Count == 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    private static void Summarise(Terminal terminal, ImageSet set, ConversionResult result, string database, string labels)
    {
        foreach (SkippedImage skipped in result.Skipped) terminal.Error.WriteLine($"skipped {skipped.Path}: {skipped.Reason}");
        if (set.OtherFiles.Count > 0) terminal.Note($"{set.OtherFiles.Count} files are no images by their names and were left out, the first: {set.OtherFiles[0]}");
        if (result.FirstOfOtherSize != null) terminal.Note($"not all images are of one size (the first other one: {result.FirstOfOtherSize}); training needs --resize here, or crop_size in the network.");
        (int channels, int height, int width) = result.Size;
        terminal.Line($"{result.Written} images of {channels}x{height}x{width} written to {database}, {result.Skipped.Count} skipped");
        var table = new TextTable(">label", "class", ">images");
        foreach ((int label, long count) in result.Labels)
            table.Row(Text(label), label >= 0 && label < set.ClassNames.Count ? set.ClassNames[label] : "", Text(count));
        table.Write(terminal);
        terminal.Line($"class names: {labels}");
    }

    private static (int Height, int Width)? ParseSize(string? text)
    {
        if (text == null) return null;
        string[] parts = text.Split('x', 'X');
        if (parts.Length > 2) return null;
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height) || height < 1) return null;
        if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width < 1) return null;
        return (height, width);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
