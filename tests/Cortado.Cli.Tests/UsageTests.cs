namespace Cortado.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("upgrade")]
    [InlineData("upgrade", "a", "b")]
    [InlineData("time", "--model", "x", "--batch", "0")]
    [InlineData("time", "--model", "x", "--batch", "many")]
    [InlineData("time", "--model", "x", "--phase", "BOTH")]
    [InlineData("time", "--model", "x", "--device", "cuda")]
    [InlineData("time", "--model", "x", "--device", "opencl:0")]
    [InlineData("train")]
    [InlineData("train", "--solver")]
    public void Wrong_usage_exits_with_2_and_says_where_help_is(params string[] args)
    {
        CortadoRun run = CortadoRun.Run(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--help", run.Error);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("upgrade", "{missing}")]
    [InlineData("inspect", "{missing}")]
    [InlineData("time", "--model", "{missing}")]
    [InlineData("train", "--solver", "{missing}")]
    [InlineData("test", "--model", "{missing}", "--weights", "{missing}")]
    [InlineData("classify", "--model", "{missing}", "--weights", "{missing}", "{missing}")]
    [InlineData("doctor", "--solver", "{missing}")]
    [InlineData("deploy", "--model", "{missing}")]
    [InlineData("convert", "{missing}", "{missing}-db")]
    [InlineData("mean", "{missing}", "{missing}-mean")]
    public void A_file_that_is_not_there_exits_with_1_and_names_it(params string[] args)
    {
        string missing = Path.Combine(Path.GetTempPath(), "cortado-is-not-here.prototxt");
        CortadoRun run = CortadoRun.Run(Array.ConvertAll(args, arg => arg.Replace("{missing}", missing)));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cortado-is-not-here", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Fact]
    public void Without_arguments_it_lists_its_commands()
    {
        CortadoRun run = CortadoRun.Succeed();
        foreach (string command in new[] { "train", "test", "classify", "doctor", "time", "convert", "mean", "deploy", "devices", "upgrade", "inspect", "demo" })
            Assert.Contains($"\n  {command}", run.Out);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_by_name()
    {
        CortadoRun run = CortadoRun.Run("time", "--model", GoldenFolder.SampleOf("netshapes/lenet.prototxt"), "--device", "opencl:99:0");
        Assert.Equal(1, run.ExitCode);
        // Where there is no OpenCL at all, the error says so instead.
        Assert.Contains("opencl", run.Error, StringComparison.OrdinalIgnoreCase);
    }
}
