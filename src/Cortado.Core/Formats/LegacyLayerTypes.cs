using V1Type = Cortado.Formats.V1LayerParameter.Types.LayerType;

namespace Cortado.Formats;

/// <summary>The names of layer types in the three generations of Caffe networks.</summary>
internal static class LegacyLayerTypes
{
    /// <summary>The type of a V0 layer (<c>type: "conv"</c>) as a V1 type, or null where there was no such type.</summary>
    public static V1Type? FromV0(string type) => type switch
    {
        "accuracy" => V1Type.Accuracy,
        "bnll" => V1Type.Bnll,
        "concat" => V1Type.Concat,
        "conv" => V1Type.Convolution,
        "data" => V1Type.Data,
        "dropout" => V1Type.Dropout,
        "euclidean_loss" => V1Type.EuclideanLoss,
        "flatten" => V1Type.Flatten,
        "hdf5_data" => V1Type.Hdf5Data,
        "hdf5_output" => V1Type.Hdf5Output,
        "im2col" => V1Type.Im2Col,
        "images" => V1Type.ImageData,
        "infogain_loss" => V1Type.InfogainLoss,
        "innerproduct" => V1Type.InnerProduct,
        "lrn" => V1Type.Lrn,
        "multinomial_logistic_loss" => V1Type.MultinomialLogisticLoss,
        "pool" => V1Type.Pooling,
        "relu" => V1Type.Relu,
        "sigmoid" => V1Type.Sigmoid,
        "softmax" => V1Type.Softmax,
        "softmax_loss" => V1Type.SoftmaxLoss,
        "split" => V1Type.Split,
        "tanh" => V1Type.Tanh,
        "window_data" => V1Type.WindowData,
        _ => null,
    };

    /// <summary>The type of a V1 layer (<c>type: CONVOLUTION</c>) as it is named now, or null where there is no such type.</summary>
    public static string? FromV1(V1Type type) => type switch
    {
        V1Type.None => string.Empty,
        V1Type.Absval => "AbsVal",
        V1Type.Accuracy => "Accuracy",
        V1Type.Argmax => "ArgMax",
        V1Type.Bnll => "BNLL",
        V1Type.Concat => "Concat",
        V1Type.ContrastiveLoss => "ContrastiveLoss",
        V1Type.Convolution => "Convolution",
        V1Type.Data => "Data",
        V1Type.Deconvolution => "Deconvolution",
        V1Type.Dropout => "Dropout",
        V1Type.DummyData => "DummyData",
        V1Type.EuclideanLoss => "EuclideanLoss",
        V1Type.Eltwise => "Eltwise",
        V1Type.Exp => "Exp",
        V1Type.Flatten => "Flatten",
        V1Type.Hdf5Data => "HDF5Data",
        V1Type.Hdf5Output => "HDF5Output",
        V1Type.HingeLoss => "HingeLoss",
        V1Type.Im2Col => "Im2col",
        V1Type.ImageData => "ImageData",
        V1Type.InfogainLoss => "InfogainLoss",
        V1Type.InnerProduct => "InnerProduct",
        V1Type.Lrn => "LRN",
        V1Type.MemoryData => "MemoryData",
        V1Type.MultinomialLogisticLoss => "MultinomialLogisticLoss",
        V1Type.Mvn => "MVN",
        V1Type.Pooling => "Pooling",
        V1Type.Power => "Power",
        V1Type.Relu => "ReLU",
        V1Type.Sigmoid => "Sigmoid",
        V1Type.SigmoidCrossEntropyLoss => "SigmoidCrossEntropyLoss",
        V1Type.Silence => "Silence",
        V1Type.Softmax => "Softmax",
        V1Type.SoftmaxLoss => "SoftmaxWithLoss",
        V1Type.Split => "Split",
        V1Type.Slice => "Slice",
        V1Type.Tanh => "TanH",
        V1Type.WindowData => "WindowData",
        V1Type.Threshold => "Threshold",
        _ => null,
    };
}
