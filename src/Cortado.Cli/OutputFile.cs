using System.CommandLine;
using System.Text;

namespace Cortado.Cli;

/// <summary>Files that a command writes: never over an existing one unless <c>--force</c> says so, and never half.</summary>
internal static class OutputFile
{
    public static Option<bool> Force() => new("--force") { Description = "Overwrite what is there." };

    /// <summary>Refuses a path where something lies already.</summary>
    public static void CheckFree(string path, bool force)
    {
        if (!force && (File.Exists(path) || Directory.Exists(path)))
            throw new CortadoException($"{path} exists already. Choose another name, or add --force to overwrite it.");
    }

    /// <summary>Writes text through a temporary file beside the target.</summary>
    public static void Write(string path, bool force, string text)
    {
        CheckFree(path, force);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = full + ".tmp";
        File.WriteAllText(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, full, overwrite: true);
    }
}
