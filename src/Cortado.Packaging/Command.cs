using Cortado.Packaging.Metas;

namespace Cortado.Packaging;

/// <summary>The tool's commands, by name.</summary>
internal static class Command
{
    private const string Usage =
        """
        usage: dotnet run --project src/Cortado.Packaging -- COMMAND
          metas    create the missing .meta files of plugin/ and demo-project/Assets; existing ones are never changed
        """;

    /// <summary>Runs one command.</summary>
    /// <returns>The exit code: 0 done, 2 wrong usage.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        switch (args)
        {
            case ["metas"]:
                Repository repository = Repository.Find();
                foreach (string created in MetaWriter.CreateMissing(repository)) output.WriteLine($"created {created}");
                return 0;
            default:
                output.WriteLine(Usage);
                return 2;
        }
    }
}
