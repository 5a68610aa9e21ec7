using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A box inside an array: what concatenating, slicing and cropping copy. All three have the same number of axes.</summary>
/// <param name="Whole">Extents of the whole array.</param>
/// <param name="Offset">Where the box begins on each axis (coordinates rather than extents).</param>
/// <param name="Window">Extents of the box; it lies within the whole.</param>
public sealed record WindowSpec(Shape Whole, Shape Offset, Shape Window) : OperatorSpec<IWindow>;

/// <summary>Copies between an array and a box inside another.</summary>
public interface IWindow : IOperator
{
    /// <summary>window = the box of the whole.</summary>
    void Read(DeviceBuffer whole, DeviceBuffer window);

    /// <summary>The box of the whole = window; what lies around it stays.</summary>
    void Write(DeviceBuffer window, DeviceBuffer whole);
}
