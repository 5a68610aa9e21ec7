using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A matrix product's shapes and how its operands lie in memory.</summary>
/// <param name="Rows">Rows of the product.</param>
/// <param name="Columns">Columns of the product.</param>
/// <param name="Depth">Length of the sums.</param>
/// <param name="LeftTransposed">Whether the left matrix is stored (depth, rows) rather than (rows, depth).</param>
/// <param name="RightTransposed">Whether the right matrix is stored (columns, depth) rather than (depth, columns).</param>
/// <param name="ResultTransposed">Whether the product is stored (columns, rows) rather than (rows, columns).</param>
/// <param name="Accumulate">Whether the product is added to what is there; not for a transposed result, nor with bias or ReLU.</param>
internal sealed record GemmShape(int Rows, int Columns, int Depth, bool LeftTransposed, bool RightTransposed, bool ResultTransposed, bool Accumulate)
{
    /// <summary>Whether the left matrix stays as it is until <see cref="IGemm.LeftChanged"/>, so that what is made of it may be kept.</summary>
    public bool FrozenLeft { get; init; }
}

/// <summary>result (+)= left * right for dense matrices, prepared for one shape.</summary>
internal interface IGemm : IDisposable
{
    /// <summary>Computes the product. A bias has a value for each row, or for each column; then a ReLU follows where it is asked for.</summary>
    void Run(DeviceBuffer left, DeviceBuffer right, DeviceBuffer? rowBias, DeviceBuffer? columnBias, bool relu, DeviceBuffer result);

    /// <summary>Says that a frozen left matrix changed.</summary>
    void LeftChanged();
}
