using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// The shapes of a 2-D pooling. Input (Planes, InHeight, InWidth), output (Planes, OutHeight, OutWidth); a plane is one channel of
/// one image. Window (oy, ox) starts at (oy * StrideHeight - PadHeight, ox * StrideWidth - PadWidth) and is clipped to the image; it
/// may lie outside of it altogether.
/// </summary>
public abstract record PoolingSpec<TOperator> : OperatorSpec<TOperator> where TOperator : class, IOperator
{
    /// <summary>Images times channels.</summary>
    public required int Planes { get; init; }

    /// <summary>Input rows.</summary>
    public required int InHeight { get; init; }

    /// <summary>Input columns.</summary>
    public required int InWidth { get; init; }

    /// <summary>Output rows.</summary>
    public required int OutHeight { get; init; }

    /// <summary>Output columns.</summary>
    public required int OutWidth { get; init; }

    /// <summary>Window rows.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Window columns.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Step between windows, in input rows.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Step between windows, in input columns.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Rows above and below the image that windows may reach into.</summary>
    public int PadHeight { get; init; }

    /// <summary>Columns left and right of the image that windows may reach into.</summary>
    public int PadWidth { get; init; }
}

/// <summary>Pooling by the greatest value.</summary>
public sealed record MaxPoolingSpec : PoolingSpec<IMaxPooling>;

/// <summary>Pooling by the mean.</summary>
public sealed record AveragePoolingSpec : PoolingSpec<IAveragePooling>;

/// <summary>
/// The greatest value of each window; of equals the first in row-major order. As in Caffe a NaN is never greatest, and a window
/// without any value above -FLT_MAX gives -FLT_MAX.
/// </summary>
public interface IMaxPooling : IOperator
{
    /// <summary>
    /// Overwrites the output and remembers which input each maximum came from. Where <paramref name="mask"/> is given, it gets that
    /// input's index within its plane, as floats, or -1 for a window without a maximum.
    /// </summary>
    void Forward(DeviceBuffer input, DeviceBuffer output, DeviceBuffer? mask);

    /// <summary>inputDiff = outputDiff, brought back to the maxima of the last <see cref="Forward"/>. Overwrites inputDiff.</summary>
    void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}

/// <summary>
/// The sum of each window over its size. As in Caffe the size counts padding, up to the pad below and right of the image, but
/// nothing beyond.
/// </summary>
public interface IAveragePooling : IOperator
{
    /// <summary>Overwrites the output.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>Spreads each outputDiff evenly over its window. Overwrites inputDiff.</summary>
    void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
