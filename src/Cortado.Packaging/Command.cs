using System.Diagnostics;
using Cortado.Packaging.Metas;
using Cortado.Packaging.Packing;
using Cortado.Packaging.Staging;

namespace Cortado.Packaging;

/// <summary>The tool's commands, by name.</summary>
internal static class Command
{
    private const string Usage =
        """
        usage: dotnet run --project src/Cortado.Packaging -- COMMAND
          metas         create the missing .meta files of plugin/ and demo-project/Assets; existing ones are never changed
          pack          build, and write the package to artifacts/NAME-VERSION.tgz
          stage FOLDER  make the package's assemblies of the builds in FOLDER; 'dotnet build Plugin.sln' does this
        """;

    /// <summary>Runs one command.</summary>
    /// <returns>The exit code: 0 done, 2 wrong usage.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        switch (args)
        {
            case ["metas"]:
                foreach (string created in MetaWriter.CreateMissing(Repository.Find())) output.WriteLine($"created {created}");
                return 0;
            case ["pack"]:
                Repository repository = Repository.Find();
                Build(repository);
                output.WriteLine(PackageArchive.Write(repository, Path.Combine(repository.Root, "artifacts")));
                return 0;
            case ["stage", string folder]:
                foreach (string name in StagedFolder.Update(Repository.Find().StagedAssemblies, StagedAssemblies.Make(folder))) output.WriteLine($"staged {name}");
                return 0;
            default:
                output.WriteLine(Usage);
                return 2;
        }
    }

    private static void Build(Repository repository)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        string project = Path.Combine(repository.Root, "src", "Cortado.Staging", "Cortado.Staging.csproj");
        using Process build = Process.Start(new ProcessStartInfo(dotnet, ["build", project, "-v", "quiet", "-clp:NoSummary"]))
            ?? throw new PackagingException($"{dotnet} cannot be started.");
        build.WaitForExit();
        if (build.ExitCode != 0) throw new PackagingException("the package's assemblies could not be built; see above.");
    }
}
