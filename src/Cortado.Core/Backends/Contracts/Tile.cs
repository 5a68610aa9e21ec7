using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>Repetition along an axis: (Outer, Inner) to (Outer, Tiles, Inner), where Inner counts the axis itself and all behind it.</summary>
/// <param name="Outer">Product of the extents before the axis.</param>
/// <param name="Inner">Product of the extents from the axis on.</param>
/// <param name="Tiles">How many copies.</param>
public sealed record TileSpec(int Outer, int Inner, int Tiles) : OperatorSpec<ITile>;

/// <summary>Repeats an array.</summary>
public interface ITile : IOperator
{
    /// <summary>Each run of Inner values, Tiles times.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);

    /// <summary>inputDiff = the sum over the copies.</summary>
    void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
