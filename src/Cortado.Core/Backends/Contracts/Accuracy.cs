using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>
/// The share of positions whose label is among the TopK best scores, of (Outer, Classes, Inner) scores and (Outer, Inner) labels.
/// As Caffe counts: a position is right when fewer than TopK other classes score at least as much as the label's. So equal
/// scores count against it, and a column of NaN counts as right.
/// </summary>
/// <param name="Outer">Product of the extents before the class axis.</param>
/// <param name="Classes">Extent of the class axis.</param>
/// <param name="Inner">Product of the extents behind the class axis.</param>
/// <param name="TopK">How many best classes count as a hit.</param>
/// <param name="IgnoreLabel">Positions with this label do not count.</param>
public sealed record AccuracySpec(int Outer, int Classes, int Inner, int TopK, int? IgnoreLabel) : OperatorSpec<IAccuracy>;

/// <summary>Counts right answers.</summary>
public interface IAccuracy : IOperator
{
    /// <summary>Writes the accuracy into accuracy[0] and, where wanted, that of each class into perClass (Classes); 0 where nothing counts.</summary>
    /// <exception cref="CortadoException">A label is not a class.</exception>
    void Forward(DeviceBuffer scores, DeviceBuffer labels, DeviceBuffer accuracy, DeviceBuffer? perClass);
}
