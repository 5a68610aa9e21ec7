using System.CommandLine;
using Cortado.Cli.Demo;

namespace Cortado.Cli.Commands;

/// <summary><c>cortado demo</c>: the whole job on a fresh machine.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--out") { Description = "The folder for everything that the demo makes.", HelpName = "FOLDER", DefaultValueFactory = _ => "cortado-demo" };
        var force = new Option<bool>("--force") { Description = "Replace the demo's files where the folder has them already." };
        var seed = Numbers.Seed("--seed", "The seed of the pictures.");
        var command = new Command("demo", "Render pictures, diagnose a training that cannot work, cure it, train, and classify: in under two minutes, with nothing but this program.") { output, force, seed };
        command.SetAction(parsed =>
        {
            using var interrupt = new Interrupt(terminal);
            return new DemoStory(terminal, DemoFolder.Create(parsed.GetRequiredValue(output), parsed.GetValue(force)), parsed.GetValue(seed) ?? 1, interrupt.Token).Tell();
        });
        return command;
    }
}
