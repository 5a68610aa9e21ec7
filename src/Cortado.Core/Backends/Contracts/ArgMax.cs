using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>What <see cref="IArgMax"/> writes.</summary>
public enum ArgMaxOutput
{
    /// <summary>(Outer, TopK, Inner) indices.</summary>
    Indices,

    /// <summary>(Outer, TopK, Inner) values.</summary>
    Values,

    /// <summary>(Outer * Inner, 2, TopK): indices, then values.</summary>
    IndicesThenValues,
}

/// <summary>The TopK largest along the middle axis of an (Outer, Count, Inner) array, the largest first; of equal ones the higher index first.</summary>
/// <param name="Outer">Product of the extents before the axis.</param>
/// <param name="Count">Extent of the axis.</param>
/// <param name="Inner">Product of the extents behind the axis.</param>
/// <param name="TopK">How many.</param>
/// <param name="Output">What is written.</param>
public sealed record ArgMaxSpec(int Outer, int Count, int Inner, int TopK, ArgMaxOutput Output) : OperatorSpec<IArgMax>;

/// <summary>Finds the largest values.</summary>
public interface IArgMax : IOperator
{
    /// <summary>Overwrites the output; indices are written as floats.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer output);
}
