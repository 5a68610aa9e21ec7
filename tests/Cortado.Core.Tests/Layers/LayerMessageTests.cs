namespace Cortado.Tests.Layers;

/// <summary>Settings and shapes that do not fit: the message names the layer, what was found and what was expected.</summary>
public class LayerMessageTests
{
    [Theory]
    [InlineData("Convolution", "", "kernel_size is missing")]
    [InlineData("Convolution", "convolution_param { kernel_size: 3 }", "num_output is 0")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 kernel_h: 2 }", "both kernel_size and kernel_h/kernel_w")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_h: 3 }", "only one of kernel_h and kernel_w")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 kernel_size: 3 kernel_size: 3 }", "given 3 times")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 stride: 0 }", "stride is 0")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 group: 4 }", "which group: 4 does not divide")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 group: 3 }", "not a multiple of group: 3")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 9 }", "only 8 high")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 pad: 4000000000 }", "pad is 4000000000")]
    [InlineData("Convolution", "convolution_param { num_output: 4 kernel_size: 3 axis: 2 }", "only 2-D convolution")]
    [InlineData("Deconvolution", "convolution_param { num_output: 4 kernel_size: 1 pad: 5 }", "output extent")]
    [InlineData("InnerProduct", "", "num_output is 0")]
    [InlineData("InnerProduct", "inner_product_param { num_output: 4 axis: 7 }", "Axis 7")]
    [InlineData("Pooling", "", "expected kernel_size")]
    [InlineData("Pooling", "pooling_param { kernel_size: 2 kernel_w: 3 }", "expected kernel_size")]
    [InlineData("Pooling", "pooling_param { kernel_size: 2 pad: 2 }", "must be smaller than the kernel")]
    [InlineData("Pooling", "pooling_param { kernel_size: 2 pool: STOCHASTIC }", "STOCHASTIC is not supported")]
    [InlineData("Pooling", "pooling_param { kernel_size: 2 global_pooling: true }", "remove kernel_size")]
    [InlineData("Pooling", "pooling_param { global_pooling: true stride: 2 }", "needs pad: 0 and stride: 1")]
    [InlineData("Pooling", "pooling_param { kernel_size: 12 stride: 2 }", "too small for a window")]
    [InlineData("Pooling", "pooling_param { kernel_size: 1 stride: 200000000 }", "expected a smaller kernel")]
    [InlineData("LRN", "lrn_param { local_size: 4 }", "local_size is 4")]
    [InlineData("Clip", "", "min and max")]
    [InlineData("Exp", "exp_param { base: 0 }", "base is 0")]
    [InlineData("Log", "log_param { base: 1 }", "base is 1")]
    public void IsRefused(string type, string settings, string expected)
    {
        var error = Assert.Throws<CortadoException>(() =>
        {
            using var net = new SmallNet($"layer {{ name: \"odd\" type: \"{type}\" bottom: \"x\" top: \"y\" {settings} }}", ["x 2 6 8 7"]);
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layer { name: \"odd\" type: \"Convolution\" bottom: \"x\" bottom: \"z\" top: \"y\" top: \"y2\" convolution_param { num_output: 4 kernel_size: 3 } }", "bottom 'z' has shape 2 6 8 6")]
    [InlineData("layer { name: \"odd\" type: \"Pooling\" bottom: \"flat\" top: \"y\" pooling_param { kernel_size: 3 } }", "expected 4 axes")]
    [InlineData("layer { name: \"odd\" type: \"PReLU\" bottom: \"line\" top: \"y\" }", "at least 2 axes")]
    [InlineData("layer { name: \"odd\" type: \"Input\" top: \"a\" top: \"b\" top: \"c\" input_param { shape { dim: 1 } shape { dim: 1 } } }", "2 shapes for 3 tops")]
    [InlineData("layer { name: \"odd\" type: \"Input\" top: \"a\" input_param { shape { dim: -1 } } }", "dim 0 of a shape is -1")]
    [InlineData("layer { name: \"odd\" type: \"DummyData\" top: \"a\" top: \"b\" top: \"c\" dummy_data_param { shape { dim: 1 } shape { dim: 1 } } }", "2 of shape for 3 tops")]
    [InlineData("layer { name: \"odd\" type: \"AbsVal\" bottom: \"x\" top: \"x\" }", "in place")]
    public void ShapesAreRefused(string layer, string expected)
    {
        var error = Assert.Throws<CortadoException>(() =>
        {
            using var net = new SmallNet(layer, ["x 2 6 8 7", "z 2 6 8 6", "flat 2 6", "line 5"]);
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
    }
}
