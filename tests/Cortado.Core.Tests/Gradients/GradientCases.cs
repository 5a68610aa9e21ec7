using Cortado.Formats;

namespace Cortado.Tests.Gradients;

/// <summary>The layers whose gradients are checked: every type that has one, in small and awkward shapes.</summary>
internal static class GradientCases
{
    private static readonly GradientInput X = new("x", 2, 3, 5, 4);

    public static IReadOnlyList<GradientCase> All { get; } =
    [
        .. Spatial(), .. Elementwise(), .. Arrangement(), .. Statistics(), .. Losses(),
    ];

    private static GradientCase One(string name, string type, string settings, params GradientInput[] inputs) =>
        new(name, Layer(type, settings, inputs), inputs);

    private static string Layer(string type, string settings, GradientInput[] inputs) =>
        $"layer {{ name: \"l\" type: \"{type}\"{string.Concat(inputs.Select(input => $" bottom: \"{input.Name}\""))} top: \"y\" {settings} }}";

    private static GradientCase[] Spatial() =>
    [
        One("convolution", "Convolution", "convolution_param { num_output: 3 kernel_size: 3 pad: 1 stride: 2 }", X),
        One("convolution_1x1", "Convolution", "convolution_param { num_output: 5 kernel_size: 1 }", X),
        One("convolution_group_dilation", "Convolution", "convolution_param { num_output: 6 group: 3 kernel_size: 2 dilation: 2 pad: 1 }", X),
        One("convolution_nonsquare", "Convolution", "convolution_param { num_output: 2 kernel_h: 1 kernel_w: 3 stride_h: 2 stride_w: 1 pad_h: 0 pad_w: 2 bias_term: false }", X),
        new("convolution_two_bottoms", "layer { name: \"l\" type: \"Convolution\" bottom: \"x\" bottom: \"x2\" top: \"y\" top: \"y2\" convolution_param { num_output: 2 kernel_size: 2 } }", X, X with { Name = "x2" }),
        new("convolution_relu", "layer { name: \"l\" type: \"Convolution\" bottom: \"x\" top: \"y\" convolution_param { num_output: 4 kernel_size: 3 } } layer { name: \"r\" type: \"ReLU\" bottom: \"y\" top: \"y\" }", X),
        One("deconvolution", "Deconvolution", "convolution_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 }", new GradientInput("x", 2, 3, 3, 4)),
        One("deconvolution_group", "Deconvolution", "convolution_param { num_output: 6 group: 3 kernel_h: 2 kernel_w: 3 stride_w: 2 dilation: 2 bias_term: false }", new GradientInput("x", 2, 3, 3, 2)),
        One("pooling_max", "Pooling", "pooling_param { pool: MAX kernel_size: 3 stride: 2 }", X),
        One("pooling_max_pad", "Pooling", "pooling_param { pool: MAX kernel_h: 3 kernel_w: 2 stride: 2 pad: 1 }", X),
        One("pooling_max_global", "Pooling", "pooling_param { pool: MAX global_pooling: true }", X),
        One("pooling_average", "Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 }", X),
        One("pooling_average_pad", "Pooling", "pooling_param { pool: AVE kernel_h: 2 kernel_w: 3 stride_h: 3 stride_w: 1 pad: 1 }", X),
        One("pooling_average_global", "Pooling", "pooling_param { pool: AVE global_pooling: true }", X),
        One("lrn_across", "LRN", "lrn_param { local_size: 3 alpha: 0.9 beta: 0.75 k: 1.5 }", new GradientInput("x", 2, 7, 3, 2)),
        One("lrn_across_odd_power", "LRN", "lrn_param { local_size: 5 alpha: 2 beta: 0.6 }", new GradientInput("x", 2, 3, 3, 2)),
        One("lrn_within", "LRN", "lrn_param { local_size: 3 alpha: 0.9 beta: 0.75 norm_region: WITHIN_CHANNEL }", X),
    ];

    private static GradientCase[] Elementwise() =>
    [
        One("relu", "ReLU", "", X),
        One("relu_slope", "ReLU", "relu_param { negative_slope: 0.2 }", X),
        One("prelu", "PReLU", "", X),
        One("prelu_shared", "PReLU", "prelu_param { channel_shared: true }", X),
        One("elu", "ELU", "elu_param { alpha: 0.7 }", X),
        One("sigmoid", "Sigmoid", "", X),
        One("tanh", "TanH", "", X),
        One("absval", "AbsVal", "", X),
        One("power", "Power", "power_param { power: 3 scale: 0.5 shift: 2 }", X),
        One("power_fraction", "Power", "power_param { power: 0.5 scale: 0.5 shift: 2 }", X),
        One("power_linear", "Power", "power_param { scale: -1.5 shift: 2 }", X),
        One("exp", "Exp", "", X),
        One("exp_base", "Exp", "exp_param { base: 2 scale: 0.5 shift: 1 }", X),
        One("log", "Log", "", X with { Low = 0.5, High = 3 }),
        One("log_base", "Log", "log_param { base: 10 scale: 2 shift: 4 }", X),
        One("bnll", "BNLL", "", X),
        One("clip", "Clip", "clip_param { min: -0.6 max: 0.9 }", X),
        One("swish", "Swish", "swish_param { beta: 1.7 }", X),
        One("dropout", "Dropout", "dropout_param { dropout_ratio: 0.3 }", X),
        new("relu_in_place", "layer { name: \"a\" type: \"Power\" bottom: \"x\" top: \"y\" power_param { scale: 2 } } layer { name: \"l\" type: \"ReLU\" bottom: \"y\" top: \"y\" relu_param { negative_slope: 0.3 } }", X),
        new("sigmoid_in_place", "layer { name: \"a\" type: \"Power\" bottom: \"x\" top: \"y\" power_param { scale: 2 } } layer { name: \"l\" type: \"Sigmoid\" bottom: \"y\" top: \"y\" }", X),
        new("prelu_in_place", "layer { name: \"a\" type: \"Power\" bottom: \"x\" top: \"y\" power_param { scale: 2 } } layer { name: \"l\" type: \"PReLU\" bottom: \"y\" top: \"y\" }", X),
    ];

    private static GradientCase[] Arrangement()
    {
        var a = new GradientInput("a", 2, 3, 2, 2);
        return
        [
            One("inner_product", "InnerProduct", "inner_product_param { num_output: 5 }", X),
            One("inner_product_transpose", "InnerProduct", "inner_product_param { num_output: 3 transpose: true }", X),
            One("inner_product_axis", "InnerProduct", "inner_product_param { num_output: 3 axis: 2 bias_term: false }", X),
            One("inner_product_one", "InnerProduct", "inner_product_param { num_output: 1 }", new GradientInput("x", 1, 7)),
            One("concat", "Concat", "", a, new GradientInput("b", 2, 1, 2, 2), a with { Name = "c" }),
            One("concat_axis", "Concat", "concat_param { axis: -1 }", a, new GradientInput("b", 2, 3, 2, 5)),
            new("slice", "layer { name: \"l\" type: \"Slice\" bottom: \"x\" top: \"y\" top: \"y2\" top: \"y3\" slice_param { axis: 2 slice_point: 1 slice_point: 4 } }", X),
            new("slice_even", "layer { name: \"l\" type: \"Slice\" bottom: \"x\" top: \"y\" top: \"y2\" top: \"y3\" }", X),
            new("split", "layer { name: \"l\" type: \"Split\" bottom: \"x\" top: \"y\" top: \"y2\" top: \"y3\" }", X),
            new("split_inserted", "layer { name: \"p\" type: \"Sigmoid\" bottom: \"x\" top: \"t\" } layer { name: \"l\" type: \"TanH\" bottom: \"t\" top: \"y\" } layer { name: \"m\" type: \"Power\" bottom: \"t\" top: \"y2\" power_param { power: 2 } }", X),
            One("eltwise_sum", "Eltwise", "", a, a with { Name = "b" }, a with { Name = "c" }),
            One("eltwise_sum_coeff", "Eltwise", "eltwise_param { operation: SUM coeff: 1 coeff: -2.5 }", a, a with { Name = "b" }),
            One("eltwise_prod", "Eltwise", "eltwise_param { operation: PROD }", a, a with { Name = "b" }, a with { Name = "c" }),
            One("eltwise_prod_unstable", "Eltwise", "eltwise_param { operation: PROD stable_prod_grad: false }", a, a with { Name = "b" }),
            One("eltwise_max", "Eltwise", "eltwise_param { operation: MAX }", a, a with { Name = "b" }, a with { Name = "c" }),
            One("flatten", "Flatten", "flatten_param { axis: 1 end_axis: 2 }", X),
            One("reshape", "Reshape", "reshape_param { shape { dim: 0 dim: -1 dim: 2 } }", X),
            One("tile", "Tile", "tile_param { axis: 2 tiles: 3 }", X),
            One("crop", "Crop", "crop_param { axis: 2 offset: 1 offset: 2 }", X, new GradientInput("size", 1, 1, 3, 2) { Check = false }),
            One("embed", "Embed", "embed_param { num_output: 3 input_dim: 6 }", new GradientInput("x", 4, 2) { Classes = 6, Check = false }),
            One("embed_no_bias", "Embed", "embed_param { num_output: 2 input_dim: 5 bias_term: false }", new GradientInput("x", 7) { Classes = 5, Check = false }),
            new("parameter", "layer { name: \"l\" type: \"Parameter\" top: \"p\" parameter_param { shape { dim: 2 dim: 3 dim: 2 dim: 2 } } } layer { name: \"m\" type: \"Eltwise\" bottom: \"a\" bottom: \"p\" top: \"y\" eltwise_param { operation: PROD } }", a),
            new("silence", "layer { name: \"s\" type: \"Split\" bottom: \"x\" top: \"y\" top: \"t\" } layer { name: \"l\" type: \"Silence\" bottom: \"t\" }", X),
        ];
    }

    private static GradientCase[] Statistics() =>
    [
        One("batch_norm", "BatchNorm", "", X) with { CheckParams = false },
        One("batch_norm_matrix", "BatchNorm", "batch_norm_param { eps: 0.01 }", new GradientInput("x", 6, 4)) with { CheckParams = false },
        One("batch_norm_global", "BatchNorm", "batch_norm_param { use_global_stats: true }", X) with { CheckParams = false, ParamLow = 0.3, ParamHigh = 1.5 },
        One("batch_norm_test", "BatchNorm", "", X) with { CheckParams = false, ParamLow = 0.3, ParamHigh = 1.5, Phase = Phase.Test },
        One("scale", "Scale", "scale_param { bias_term: true }", X),
        One("scale_axes", "Scale", "scale_param { axis: 1 num_axes: 2 }", X),
        One("scale_last", "Scale", "scale_param { axis: -1 bias_term: true }", X),
        One("scale_all", "Scale", "scale_param { axis: 0 num_axes: -1 }", X),
        One("scale_scalar", "Scale", "scale_param { num_axes: 0 bias_term: true }", X),
        One("scale_by_bottom", "Scale", "scale_param { axis: 2 }", X, new GradientInput("s", 5)),
        new("scale_in_place", "layer { name: \"a\" type: \"Power\" bottom: \"x\" top: \"y\" power_param { scale: 2 } } layer { name: \"l\" type: \"Scale\" bottom: \"y\" top: \"y\" scale_param { bias_term: true } }", X),
        One("bias", "Bias", "", X),
        One("bias_axes", "Bias", "bias_param { axis: 2 num_axes: -1 }", X),
        One("bias_scalar", "Bias", "bias_param { num_axes: 0 }", X),
        One("bias_by_bottom", "Bias", "bias_param { axis: 0 }", X, new GradientInput("s", 2, 3)),
        One("mvn", "MVN", "", X),
        One("mvn_across", "MVN", "mvn_param { across_channels: true }", X),
        One("mvn_mean_only", "MVN", "mvn_param { normalize_variance: false }", X),
        One("reduction_sum", "Reduction", "reduction_param { operation: SUM axis: 1 coeff: 0.5 }", X),
        One("reduction_absolute", "Reduction", "reduction_param { operation: ASUM axis: -1 }", X),
        One("reduction_squares", "Reduction", "reduction_param { operation: SUMSQ axis: 2 coeff: -2 }", X),
        One("reduction_mean", "Reduction", "reduction_param { operation: MEAN }", X),
        One("softmax", "Softmax", "", X),
        One("softmax_axis", "Softmax", "softmax_param { axis: -1 }", X),
    ];

    private static GradientCase[] Losses()
    {
        var scores = new GradientInput("x", 4, 5);
        var map = new GradientInput("x", 2, 4, 3, 2);
        var label = new GradientInput("label", 4) { Classes = 5, Check = false };
        var labelMap = new GradientInput("label", 2, 1, 3, 2) { Classes = 4, Check = false };
        var targets = new GradientInput("target", 4, 5) { Low = 0, High = 1, Check = false };
        var similar = new GradientInput("same", 4) { Classes = 2, Check = false };
        return
        [
            One("softmax_loss", "SoftmaxWithLoss", "", scores, label),
            One("softmax_loss_map", "SoftmaxWithLoss", "loss_weight: 3", map, labelMap),
            One("softmax_loss_ignore", "SoftmaxWithLoss", "loss_param { ignore_label: 2 normalization: VALID }", map, labelMap),
            One("softmax_loss_full", "SoftmaxWithLoss", "loss_param { ignore_label: 2 normalization: FULL }", map, labelMap),
            One("softmax_loss_batch", "SoftmaxWithLoss", "loss_param { normalization: BATCH_SIZE }", map, labelMap),
            One("softmax_loss_none", "SoftmaxWithLoss", "loss_param { normalization: NONE }", map, labelMap),
            One("sigmoid_cross_entropy", "SigmoidCrossEntropyLoss", "loss_weight: 0.5", scores, targets),
            One("sigmoid_cross_entropy_valid", "SigmoidCrossEntropyLoss", "loss_param { normalization: VALID ignore_label: 1 }", scores, targets with { Classes = 2 }),
            One("euclidean", "EuclideanLoss", "loss_weight: 1.5", map, map with { Name = "x2" }),
            One("hinge", "HingeLoss", "", scores, label),
            One("hinge_squared", "HingeLoss", "hinge_loss_param { norm: L2 }", scores, label),
            One("multinomial_logistic", "MultinomialLogisticLoss", "", scores with { Low = 0.1, High = 0.9 }, label),
            new("infogain",
                "layer { name: \"pre\" type: \"Bias\" bottom: \"x\" top: \"t\" bias_param { axis: 0 num_axes: -1 } } " +
                "layer { name: \"l\" type: \"InfogainLoss\" bottom: \"t\" bottom: \"label\" bottom: \"H\" top: \"loss\" }",
                scores, label, new GradientInput("H", 1, 1, 5, 5) { Low = 0, High = 1, Check = false }),
            One("contrastive", "ContrastiveLoss", "contrastive_loss_param { margin: 3 }", scores, scores with { Name = "x2" }, similar),
            One("contrastive_legacy", "ContrastiveLoss", "contrastive_loss_param { margin: 8 legacy_version: true }", scores, scores with { Name = "x2" }, similar),
        ];
    }
}
