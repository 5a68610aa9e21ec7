using Cortado.Formats;

namespace Cortado.Tests.FileFormats;

public class LegacyTests
{
    public static IEnumerable<TheoryDataRow<string>> AllPrototxt() => GoldenFiles.All(".prototxt", "reads");

    public static bool HasLegacy => Directory.Exists(GoldenFiles.PathOf("legacy"));

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(AllPrototxt))]
    public void Every_golden_prototxt_reads(string file)
    {
        string path = GoldenFiles.PathOf(file);
        if (Path.GetFileName(path).Contains("solver", StringComparison.Ordinal))
        {
            Assert.True(SolverFile.Load(path).Message.HasBaseLr);
        }
        else
        {
            PrototxtDocument<NetParameter> net = NetFile.Load(path);
            Assert.NotEmpty(net.Message.Layer);
            Assert.Empty(net.Message.Layers);
            Assert.Empty(net.Warnings);
        }
    }

    [Theory(SkipUnless = nameof(HasLegacy), Skip = "this golden folder has no legacy files")]
    [InlineData("v0_deploy.prototxt", "v0_upgraded_by_caffe.prototxt")]
    [InlineData("v1_deploy.prototxt", "v1_upgraded_by_caffe.prototxt")]
    public void Networks_upgrade_and_print_as_Caffe_does(string old, string upgraded)
    {
        NetParameter ours = NetFile.Load(GoldenFiles.PathOf("legacy", old)).Message;
        Assert.Equal(Prototxt.Load<NetParameter>(GoldenFiles.PathOf("legacy", upgraded)).Message, ours);
        Assert.Equal(File.ReadAllText(GoldenFiles.PathOf("legacy", upgraded)), Prototxt.Print(ours));
    }

    [Fact(SkipUnless = nameof(HasLegacy), Skip = "this golden folder has no legacy files")]
    public void A_solver_upgrades_and_prints_as_Caffe_does()
    {
        SolverParameter ours = SolverFile.Load(GoldenFiles.PathOf("legacy", "old_solver.prototxt")).Message;
        string expected = GoldenFiles.PathOf("legacy", "old_solver_upgraded_by_caffe.prototxt");
        Assert.Equal(Prototxt.Load<SolverParameter>(expected).Message, ours);
        Assert.Equal(File.ReadAllText(expected), Prototxt.Print(ours));
    }

    [Fact(SkipUnless = nameof(HasLegacy), Skip = "this golden folder has no legacy files")]
    public void Places_survive_the_upgrade()
    {
        PrototxtDocument<NetParameter> v0 = NetFile.Load(GoldenFiles.PathOf("legacy", "v0_deploy.prototxt"));
        LayerParameter conv = v0.Message.Layer.Single(l => l.Name == "conv1");
        Assert.Equal(11, v0.Locations.Find(conv)!.Line);
        AssertSays(v0, conv, "type", "type: \"conv\"");
        AssertSays(v0, conv.ConvolutionParam, "kernel_size", "kernelsize: 3");
        AssertSays(v0, conv.ConvolutionParam, "pad", "pad: 1");
        AssertSays(v0, conv.Param[1], "lr_mult", "blobs_lr: 2.");
        AssertSays(v0, conv.ConvolutionParam.WeightFiller, "std", "std: 0.01");
        AssertSays(v0, v0.Message.Layer[0].InputParam.Shape[0], "dim", "input_dim: 3", 1);

        PrototxtDocument<NetParameter> v1 = NetFile.Load(GoldenFiles.PathOf("legacy", "v1_deploy.prototxt"));
        LayerParameter ip = v1.Message.Layer.Single(l => l.Name == "ip1");
        AssertSays(v1, ip, "type", "type: INNER_PRODUCT");
        AssertSays(v1, ip.InnerProductParam, "num_output", "num_output: 5");
        AssertSays(v1, ip.Param[1], "lr_mult", "blobs_lr: 2");

        PrototxtDocument<SolverParameter> solver = SolverFile.Load(GoldenFiles.PathOf("legacy", "old_solver.prototxt"));
        AssertSays(solver, solver.Message, "type", "solver_type: NESTEROV");
    }

    [Fact]
    public void Data_transformations_move_to_their_own_message()
    {
        NetParameter net = NetFile.Parse(
            "layers { name: 'd' type: DATA data_param { source: 's' scale: 0.5 mean_file: 'm' crop_size: 7 mirror: true batch_size: 2 } }"
            + "layers { name: 'i' type: IMAGE_DATA }",
            "net").Message;
        Assert.Equal(
            Prototxt.Parse<NetParameter>(
                "layer { name: 'd' type: 'Data' data_param { source: 's' batch_size: 2 }"
                + " transform_param { scale: 0.5 mean_file: 'm' crop_size: 7 mirror: true } }"
                + "layer { name: 'i' type: 'ImageData' image_data_param { } transform_param { } }",
                "net").Message,
            net);
    }

    [Fact]
    public void Three_param_specs_of_BatchNorm_stop_learning()
    {
        NetParameter net = NetFile.Parse(
            "layer { type: 'BatchNorm' param { lr_mult: 1 } param { name: 'x' } param { } } layer { type: 'BatchNorm' param { lr_mult: 1 } }",
            "net").Message;
        Assert.All(net.Layer[0].Param, p => Assert.True(p is { HasLrMult: true, LrMult: 0, HasDecayMult: true, DecayMult: 0 }));
        Assert.Equal("x", net.Layer[0].Param[1].Name);
        Assert.Equal(1, net.Layer[1].Param[0].LrMult);
    }

    [Fact]
    public void Input_shapes_become_an_input_layer()
    {
        NetParameter net = NetFile.Parse(
            "input: 'a' input_shape { dim: 2 dim: 3 } input: 'b' input_shape { dim: 4 } layer { name: 'x' type: 'ReLU' }", "net").Message;
        Assert.Equal(
            Prototxt.Parse<NetParameter>(
                "layer { name: 'input' type: 'Input' top: 'a' top: 'b' input_param { shape { dim: [2, 3] } shape { dim: 4 } } }"
                + "layer { name: 'x' type: 'ReLU' }",
                "net").Message,
            net);
    }

    [Theory]
    [InlineData("layers { layer { type: 'convolution' } }", "1:18: the layer type \"convolution\" is not known")]
    [InlineData("layers { layer { type: 'relu' } bottom: 'x' }", "1:33: no layer before this one makes the blob \"x\"")]
    [InlineData("input: 'x' input_dim: 1 input_dim: 1", "1:12: 1 inputs need 4 values of input_dim, found 2")]
    public void What_cannot_be_upgraded_says_where_and_why(string text, string expected)
    {
        var e = Assert.Throws<CortadoException>(() => NetFile.Parse(text, "old.prototxt"));
        Assert.StartsWith("old.prototxt:" + expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_dropped_is_said()
    {
        IReadOnlyList<string> warnings = NetFile.Parse(
            "layers { layer { type: 'relu' num_output: 3 new_num: 1 } } layer { name: 'lost' }", "n").Warnings;
        Assert.Contains("n:1:31: num_output means nothing to a \"relu\" layer", warnings[0], StringComparison.Ordinal);
        warnings = NetFile.Parse("layers { type: RELU } layer { name: 'lost' }", "n").Warnings;
        Assert.Contains("n:1:23: the network has both", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_solver_with_two_types_is_refused()
    {
        var e = Assert.Throws<CortadoException>(() => SolverFile.Parse("type: 'SGD'\nsolver_type: ADAM", "s"));
        Assert.StartsWith("s:2:1: both solver_type", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_prefix_follows_Caffes_rule()
    {
        string folder = Path.GetTempPath().TrimEnd(Path.DirectorySeparatorChar);
        Assert.Equal(Path.Combine("a.b", "my_solver"), SolverFile.SnapshotPrefix(new SolverParameter(), Path.Combine("a.b", "my_solver.prototxt")));
        Assert.Equal("p/x", SolverFile.SnapshotPrefix(new SolverParameter { SnapshotPrefix = "p/x" }, "s.prototxt"));
        Assert.Equal(
            Path.Combine(folder, "s"),
            SolverFile.SnapshotPrefix(new SolverParameter { SnapshotPrefix = folder }, Path.Combine("q", "s.prototxt")));
    }

    private static void AssertSays<T>(
        PrototxtDocument<T> document, Google.Protobuf.IMessage message, string field, string expected, int index = 0)
        where T : Google.Protobuf.IMessage<T>
    {
        TextLocation place = document.Locations.Find(message, field, index)!;
        Assert.Equal(expected, document.Text[place.Start..place.End]);
    }
}
