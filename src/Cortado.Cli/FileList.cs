using System.CommandLine;

namespace Cortado.Cli;

/// <summary>An option that takes files separated by commas, as Caffe's <c>--weights a.caffemodel,b.caffemodel</c> does.</summary>
internal static class FileList
{
    public static Option<string?> Option(string name, string description) => new(name) { Description = description, HelpName = "F[,F]" };

    public static IReadOnlyList<string> Split(string? text) =>
        text == null ? [] : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
