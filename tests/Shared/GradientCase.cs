using Cortado.Formats;

namespace Cortado.Tests;

/// <summary>An input blob of a <see cref="GradientCase"/>: reals whose gradient is checked, reals whose gradient is not, or labels.</summary>
public sealed record GradientInput(string Name, params int[] Shape)
{
    /// <summary>The least value.</summary>
    public double Low { get; init; } = -1.5;

    /// <summary>The largest value.</summary>
    public double High { get; init; } = 1.5;

    /// <summary>Whether the gradient with respect to this input is checked.</summary>
    public bool Check { get; init; } = true;

    /// <summary>For labels and indices: whole numbers 0 to this, exclusive; 0 for reals.</summary>
    public int Classes { get; init; }
}

/// <summary>A layer whose gradient is to be checked, described by a piece of prototxt without its Input layer.</summary>
public sealed record GradientCase(string Name, string Layers, params GradientInput[] Inputs)
{
    /// <summary>The phase to build the network for.</summary>
    public Phase Phase { get; init; } = Phase.Train;

    /// <summary>The least value of the learnable blobs.</summary>
    public double ParamLow { get; init; } = -0.7;

    /// <summary>The largest value of the learnable blobs.</summary>
    public double ParamHigh { get; init; } = 0.7;

    /// <summary>Whether the gradient with respect to the learnable blobs is checked; not for those that only remember statistics.</summary>
    public bool CheckParams { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
