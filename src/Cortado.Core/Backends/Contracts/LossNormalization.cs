namespace Cortado.Backends.Contracts;

/// <summary>What the sum of a loss is divided by. The divisor is never less than 1, as in Caffe.</summary>
public enum LossNormalization
{
    /// <summary>All positions of the batch.</summary>
    Full,

    /// <summary>The positions whose label is not ignored.</summary>
    Valid,

    /// <summary>The batch size.</summary>
    BatchSize,

    /// <summary>Nothing: the sum stays as it is.</summary>
    None,
}
