using System.CommandLine;

namespace Cortado.Cli;

/// <summary>The option <c>--half</c>.</summary>
internal static class HalfOption
{
    public static Option<bool> Create() => new("--half")
    {
        Description = "Keep the weights of fully connected layers in half precision, on OpenCL devices and for up to four images at a time: faster, and what it costs in accuracy is printed.",
    };
}
