using System.Runtime.CompilerServices;
using Cortado.Formats;

namespace Cortado.Nets;

/// <summary>Tells layers apart by identity: messages compare by value, and two layers may be written alike.</summary>
internal sealed class ReferenceComparer : IEqualityComparer<LayerParameter>
{
    public static readonly ReferenceComparer Instance = new();

    public bool Equals(LayerParameter? x, LayerParameter? y) => ReferenceEquals(x, y);

    public int GetHashCode(LayerParameter obj) => RuntimeHelpers.GetHashCode(obj);
}
