using Cortado.Cli.Demo;
using Cortado.Formats;

namespace Cortado.Tests;

public class DemoFolderTests
{
    [Fact]
    public void Holds_the_posted_files_to_the_letter_until_they_are_edited_in_place()
    {
        using var folder = new ScratchFolder();
        DemoFolder demo = DemoFolder.Create(folder["demo"], force: false);
        string posted = File.ReadAllText(demo[DemoFolder.Solver]);
        Assert.StartsWith("test_iter:100\ntest_interval:100\nbase_lr: 0.03 \ndisplay:50\n", posted);
        Assert.EndsWith("net:\"train_val.prototxt\"\nsolver_type:SGD\n", posted);

        IReadOnlyList<string> edits = DemoEdits.Apply(demo);
        Assert.Contains("batch_size: 300 -> 32", edits);
        SolverParameter solver = SolverFile.Load(demo[DemoFolder.Solver]).Message;
        Assert.Equal(DemoEdits.Iterations, solver.MaxIter);
        Assert.Equal(0.03f, solver.BaseLr);
        Assert.Equal("step", solver.LrPolicy);
        NetParameter before = Read(DemoFolder.Net), after = NetFile.Load(demo[DemoFolder.Net]).Message;
        Assert.Equal(before.Layer.Skip(2), after.Layer.Skip(2));
    }

    [Fact]
    public void Refuses_a_folder_with_something_in_it_and_replaces_only_its_own_files()
    {
        using var folder = new ScratchFolder();
        string mine = folder.Write("demo/mine.txt", "keep me");
        folder.Write("demo/solver.prototxt", "base_lr: 7");
        CortadoRun run = CortadoRun.Run("demo", "--out", folder["demo"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--force", run.Error);
        DemoFolder.Create(folder["demo"], force: true);
        Assert.Equal("keep me", File.ReadAllText(mine));
        Assert.DoesNotContain("base_lr: 7", File.ReadAllText(folder["demo/solver.prototxt"]));
    }

    private static NetParameter Read(string posted)
    {
        using var reader = new StreamReader(DemoFolder.Posted(posted));
        return NetFile.Parse(reader.ReadToEnd(), posted).Message;
    }
}
