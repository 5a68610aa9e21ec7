using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// The shapes of a 2-D convolution over a whole batch. Input (Batch, InChannels, InHeight, InWidth), output (Batch, OutChannels,
/// OutHeight, OutWidth), weights (OutChannels, InChannels / Groups, KernelHeight, KernelWidth), bias (OutChannels).
/// </summary>
public sealed record ConvolutionSpec : OperatorSpec<IConvolution>
{
    /// <summary>Images in the batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Input channels of all groups together.</summary>
    public required int InChannels { get; init; }

    /// <summary>Input rows.</summary>
    public required int InHeight { get; init; }

    /// <summary>Input columns.</summary>
    public required int InWidth { get; init; }

    /// <summary>Output channels of all groups together.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Kernel rows.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Kernel columns.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Step between output rows, in input rows.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Step between output columns, in input columns.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Rows of zeros above and below.</summary>
    public int PadHeight { get; init; }

    /// <summary>Columns of zeros left and right.</summary>
    public int PadWidth { get; init; }

    /// <summary>Distance between kernel rows, in input rows; 1 for a dense kernel.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Distance between kernel columns, in input columns; 1 for a dense kernel.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Groups of channels that see only one another.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a ReLU (negative slope 0) follows at once and <see cref="IConvolution.Forward"/> shall apply it.</summary>
    public bool FuseRelu { get; init; }

    /// <summary>Whether weights stay as they are between calls of <see cref="IConvolution.WeightsChanged"/>, so that they may be packed once.</summary>
    public bool FrozenWeights { get; init; }

    /// <summary>Output rows, rounded down as Caffe does.</summary>
    public int OutHeight => (InHeight + 2 * PadHeight - (DilationHeight * (KernelHeight - 1) + 1)) / StrideHeight + 1;

    /// <summary>Output columns, rounded down as Caffe does.</summary>
    public int OutWidth => (InWidth + 2 * PadWidth - (DilationWidth * (KernelWidth - 1) + 1)) / StrideWidth + 1;
}

/// <summary>A 2-D convolution (cross-correlation, as Caffe and everybody computes it) over a whole batch.</summary>
public interface IConvolution : IOperator
{
    /// <summary>output = weights * input + bias, then ReLU where the spec fuses it. Overwrites the output.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output);

    /// <summary>inputDiff = transposed convolution of outputDiff with the weights. Overwrites inputDiff.</summary>
    void BackwardData(DeviceBuffer outputDiff, DeviceBuffer weights, DeviceBuffer inputDiff);

    /// <summary>weightsDiff += gradient; biasDiff += sum of outputDiff over batch and positions. Either may be null: not wanted.</summary>
    void BackwardWeights(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer? weightsDiff, DeviceBuffer? biasDiff);

    /// <summary>Says that the weights' values changed, where the spec called them frozen.</summary>
    void WeightsChanged();
}
