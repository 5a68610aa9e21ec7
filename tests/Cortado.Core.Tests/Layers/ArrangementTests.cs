using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.Layers;
using Cortado.Tensors;

namespace Cortado.Tests.Layers;

/// <summary>Layers that share, join, cut, repeat and reshape blobs.</summary>
public class ArrangementTests
{
    [Fact]
    public void TheTopsOfASplitAreTheBottomsMemory()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"Split\" bottom: \"x\" top: \"a\" top: \"b\" }", ["x 2 3"]);
        Assert.Same(net.Net.Blob("x").Data, net.Net.Blob("a").Data);
        Assert.Same(net.Net.Blob("x").Data, net.Net.Blob("b").Data);
    }

    /// <summary>The copy that an Accuracy reads gets no gradient; it must neither count nor cost memory.</summary>
    [Fact]
    public void ATopWithoutGradientCountsAsZero()
    {
        using var net = new SmallNet(
            "force_backward: true layer { name: \"l\" type: \"EuclideanLoss\" bottom: \"x\" bottom: \"t\" top: \"loss\" } layer { name: \"a\" type: \"Accuracy\" bottom: \"x\" bottom: \"label\" top: \"acc\" }",
            ["x 2 3", "t 2 3", "label 2"]);
        net.Randomize("x", 1).Forward().Net.Backward();
        Assert.Equal(net.Data("x").Select(value => value / 2), net.Diff("x"));
        Assert.False(net.Net.FindLayer("a")!.Bottoms[0].HasDiff);
    }

    [Theory]
    [InlineData("Concat", "concat_param { axis: 0 }")]
    [InlineData("Slice", "")]
    [InlineData("Flatten", "flatten_param { axis: 0 }")]
    [InlineData("Reshape", "reshape_param { shape { dim: -1 } }")]
    public void WhatOnlyRenamesSharesDataAndGradient(string type, string settings)
    {
        using var net = new SmallNet($"layer {{ name: \"l\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}", ["x 2 3 4"]);
        Assert.Same(net.Net.Blob("x").Data, net.Net.Blob("y").Data);
        Assert.Same(net.Net.Blob("x").Diff, net.Net.Blob("y").Diff);
    }

    [Theory]
    [InlineData("shape { dim: 0 dim: 0 dim: -1 }", "2 3 20 (120)")]
    [InlineData("shape { dim: -1 dim: 5 }", "24 5 (120)")]
    [InlineData("shape { dim: 2 dim: 2 } axis: 2 num_axes: 1", "2 3 2 2 5 (120)")]
    [InlineData("shape { dim: 1 } axis: 0 num_axes: 0", "1 2 3 4 5 (120)")]
    [InlineData("shape { dim: 1 dim: 1 } axis: -1", "2 3 4 5 1 1 (120)")]
    [InlineData("axis: 1 num_axes: 0", "2 3 4 5 (120)")]
    [InlineData("shape { dim: -1 dim: 0 } axis: 1 num_axes: 2", "2 3 4 5 (120)")]
    public void ReshapeFollowsCaffesRule(string settings, string expected)
    {
        using var net = new SmallNet($"layer {{ name: \"l\" type: \"Reshape\" bottom: \"x\" top: \"y\" reshape_param {{ {settings} }} }}", ["x 2 3 4 5"]);
        Assert.Equal(expected, net.Net.Blob("y").Shape.ToString());
    }

    [Theory]
    [InlineData("axis: -2", "2 3 20 (120)")]
    [InlineData("axis: 1 end_axis: 2", "2 12 5 (120)")]
    [InlineData("axis: 2 end_axis: 2", "2 3 4 5 (120)")]
    public void FlattenJoinsARangeOfAxes(string settings, string expected)
    {
        using var net = new SmallNet($"layer {{ name: \"l\" type: \"Flatten\" bottom: \"x\" top: \"y\" flatten_param {{ {settings} }} }}", ["x 2 3 4 5"]);
        Assert.Equal(expected, net.Net.Blob("y").Shape.ToString());
    }

    [Theory]
    [InlineData("Reshape", "reshape_param { shape { dim: 7 } }", "counts differ")]
    [InlineData("Reshape", "reshape_param { shape { dim: -1 dim: -1 } }", "more than one -1")]
    [InlineData("Reshape", "reshape_param { shape { dim: -1 dim: 7 } }", "does not divide")]
    [InlineData("Reshape", "reshape_param { shape { dim: 4 dim: 3 dim: 2 dim: 0 } }", "no axis 3")]
    [InlineData("Reshape", "reshape_param { shape { dim: 24 } axis: 4 }", "axis is 4")]
    [InlineData("Reshape", "reshape_param { shape { dim: 24 } axis: 1 num_axes: 3 }", "num_axes is 3")]
    [InlineData("Flatten", "flatten_param { axis: 2 end_axis: 1 }", "before axis")]
    [InlineData("Flatten", "flatten_param { axis: 3 }", "axis is 3")]
    [InlineData("Slice", "slice_param { slice_point: 1 slice_point: 2 }", "slice_points for 1 tops")]
    [InlineData("Slice", "top: \"y2\"", "equal parts")]
    [InlineData("Slice", "top: \"y2\" slice_param { slice_point: 3 }", "slice_points must grow")]
    [InlineData("Slice", "top: \"y2\" slice_param { axis: 1 slice_dim: 1 slice_point: 1 }", "expected one of them")]
    [InlineData("Concat", "bottom: \"x2\"", "same shape but for axis 1")]
    [InlineData("Concat", "concat_param { concat_dim: 4294967295 }", "concat_dim")]
    [InlineData("Tile", "", "tiles is missing")]
    [InlineData("Tile", "tile_param { tiles: -1 }", "tiles is -1")]
    [InlineData("Crop", "bottom: \"x2\" crop_param { axis: 1 offset: 3 }", "do not fit")]
    [InlineData("Crop", "bottom: \"x2\" crop_param { axis: 0 offset: 0 offset: 0 }", "offset is given 2 times")]
    [InlineData("Eltwise", "bottom: \"x2\"", "same shape")]
    [InlineData("Eltwise", "bottom: \"x\" eltwise_param { coeff: 1 }", "coeff is given 1 times")]
    [InlineData("Eltwise", "bottom: \"x\" eltwise_param { operation: PROD coeff: 1 coeff: 2 }", "a product takes none")]
    [InlineData("ArgMax", "argmax_param { top_k: 13 }", "top_k is 13")]
    [InlineData("ArgMax", "argmax_param { top_k: 4 axis: 1 }", "top_k is 4")]
    [InlineData("Embed", "embed_param { num_output: 3 }", "input_dim")]
    [InlineData("Scale", "scale_param { axis: 1 num_axes: 3 }", "num_axes is 3")]
    [InlineData("Scale", "bottom: \"x2\"", "does not fit")]
    [InlineData("BatchNorm", "param { lr_mult: 1 }", "lr_mult")]
    public void AWrongDescriptionIsExplained(string type, string settings, string expected)
    {
        CortadoException error = Assert.Throws<CortadoException>(() => new SmallNet(
            $"layer {{ name: \"wrong\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}", ["x 2 3 4", "x2 2 5 2"]));
        Assert.Contains("wrong", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Of equal values Caffe lists the higher index first: it sorts pairs of value and index.</summary>
    [Fact]
    public void ArgMaxPutsTheLaterOfEqualValuesFirst()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"ArgMax\" bottom: \"x\" top: \"y\" argmax_param { top_k: 3 out_max_val: true } }", ["x 1 5"]);
        net.Set("x", 2, 7, 2, 7, 1).Forward();
        Assert.Equal("1 2 3 (6)", net.Net.Blob("y").Shape.ToString());
        Assert.Equal([3f, 1, 2, 7, 7, 2], net.Data("y"));
    }

    [Fact]
    public void CropWithoutOffsetCutsFromTheStart()
    {
        using var net = new SmallNet("layer { name: \"l\" type: \"Crop\" bottom: \"x\" bottom: \"size\" top: \"y\" crop_param { axis: -1 } }", ["x 2 4", "size 9 3"]);
        net.Set("x", 0, 1, 2, 3, 4, 5, 6, 7).Forward();
        Assert.Equal([0f, 1, 2, 4, 5, 6], net.Data("y"));
    }

    [Fact]
    public void EltwiseWorksInPlace()
    {
        const string Layers = "force_backward: true layer { name: \"l\" type: \"Eltwise\" bottom: \"x\" bottom: \"x2\" top: \"x\" eltwise_param { operation: SUM coeff: 2 coeff: -1 } }";
        using var net = new SmallNet(Layers, ["x 1 2", "x2 1 2"]);
        net.Set("x", 3, 4).Set("x2", 1, 2).Forward();
        Assert.Equal([5f, 6], net.Data("x"));
        net.Net.Blob("x").WriteDiff().Fill(1);
        net.Net.Backward();
        Assert.Equal([2f, 2], net.Diff("x"));
        Assert.Equal([-1f, -1], net.Diff("x2"));
    }

    [Fact]
    public void AStableProductHasAGradientAtZeroAndTheOtherHasNone()
    {
        const string Layers = "force_backward: true layer { name: \"l\" type: \"Eltwise\" bottom: \"x\" bottom: \"x2\" top: \"y\" eltwise_param { operation: PROD } } "
            + "layer { name: \"m\" type: \"Eltwise\" bottom: \"x3\" bottom: \"x2\" top: \"z\" eltwise_param { operation: PROD stable_prod_grad: false } }";
        using var net = new SmallNet(Layers, ["x 1", "x2 1", "x3 1"]);
        net.Set("x", 0).Set("x2", 5).Set("x3", 0).Forward();
        net.Net.Blob("y").WriteDiff().Fill(1);
        net.Net.Blob("z").WriteDiff().Fill(1);
        net.Net.Backward();
        Assert.Equal([5f], net.Diff("x"));
        Assert.Equal([float.NaN], net.Diff("x3"));
    }

    [Fact]
    public void AnIndexOutsideTheTableIsNamed()
    {
        using var net = new SmallNet("layer { name: \"words\" type: \"Embed\" bottom: \"x\" top: \"y\" embed_param { num_output: 2 input_dim: 5 } }", ["x 3"]);
        net.Set("x", 0, 4, 5);
        string message = Assert.Throws<CortadoException>(() => net.Forward()).Message;
        Assert.Contains("words", message, StringComparison.Ordinal);
        Assert.Contains("index 5 at position 2", message, StringComparison.Ordinal);
    }

    /// <summary>Every box of arrays with up to four axes, against coordinates counted one by one.</summary>
    [Fact]
    public void AWindowIsTheBoxItSays()
    {
        using var backend = new CpuBackend(3);
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            int rank = random.Next(1, 5);
            int[] whole = new int[rank], offset = new int[rank], size = new int[rank];
            for (int i = 0; i < rank; i++)
            {
                whole[i] = random.Next(1, 6);
                size[i] = random.Next(2) == 0 ? whole[i] : random.Next(0, whole[i] + 1);
                offset[i] = random.Next(0, whole[i] - size[i] + 1);
            }
            var spec = new WindowSpec(new Shape(whole), new Shape(offset), new Shape(size));
            using IWindow window = backend.Prepare(spec);
            using DeviceBuffer all = backend.Allocate(spec.Whole.Count), part = backend.Allocate(spec.Window.Count), back = backend.Allocate(spec.Whole.Count);
            for (int i = 0; i < all.Count; i++) all.Write()[i] = i + 1;
            window.Read(all, part);
            window.Write(part, back);
            float[] expected = new float[all.Count];
            for (int i = 0; i < part.Count; i++)
            {
                int rest = i, at = 0, stride = 1;
                for (int axis = rank - 1; axis >= 0; axis--)
                {
                    at += (rest % size[axis] + offset[axis]) * stride;
                    rest /= size[axis];
                    stride *= whole[axis];
                }
                Assert.Equal(at + 1, part.Read()[i]);
                expected[at] = at + 1;
            }
            Assert.Equal(expected, back.Read().ToArray());
        }
    }

    [Fact]
    public void EveryTypeIsListedOnce() => Assert.Equal(LayerCatalog.Names.Distinct().Order(StringComparer.Ordinal), LayerCatalog.Names);
}
