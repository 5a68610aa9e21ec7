namespace Cortado.Tests;

public class UpgradeTests
{
    [Fact]
    public void Prints_a_solver_in_the_current_form()
    {
        using var folder = new ScratchFolder();
        string solver = folder.Write("solver.prototxt", "base_lr:0.03\nsolver_type:ADAGRAD\nnet:\"n.prototxt\"\n");
        CortadoRun run = CortadoRun.Succeed("upgrade", solver);
        Assert.Contains("type: \"AdaGrad\"", run.Out);
        Assert.DoesNotContain("solver_type", run.Out);
        Assert.Contains("base_lr: 0.03", run.Out);
    }

    [Fact]
    public void Prints_the_oldest_networks_as_Caffe_upgrades_them()
    {
        string legacy = Path.Combine(GoldenFolder.Repository, "tests", "Golden", "legacy");
        CortadoRun run = CortadoRun.Succeed("upgrade", Path.Combine(legacy, "v1_deploy.prototxt"));
        Assert.Contains("type: \"Convolution\"", run.Out);
        Assert.DoesNotContain("layers {", run.Out);
    }

    [Fact]
    public void Writes_a_file_and_does_not_overwrite_one()
    {
        using var folder = new ScratchFolder();
        string solver = folder.Write("solver.prototxt", "base_lr: 0.1\nsolver_type: SGD\n"), output = folder["new.prototxt"];
        CortadoRun.Succeed("upgrade", solver, "--output", output);
        Assert.Contains("type: \"SGD\"", File.ReadAllText(output));
        CortadoRun again = CortadoRun.Run("upgrade", solver, "--output", output);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("--force", again.Error);
        CortadoRun.Succeed("upgrade", solver, "--output", output, "--force");
    }

    [Fact]
    public void An_error_names_line_and_nearest_field_of_the_kind_that_was_meant()
    {
        using var folder = new ScratchFolder();
        string solver = folder.Write("solver.prototxt", "base_lr: 0.1\nmomentun: 0.9\n");
        CortadoRun run = CortadoRun.Run("upgrade", solver);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("solver.prototxt:2:1", run.Error);
        Assert.Contains("momentum", run.Error);
    }
}
