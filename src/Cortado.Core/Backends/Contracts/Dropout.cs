using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>Sets a random part of the elements to zero and multiplies the others by 1 / (1 - Ratio).</summary>
/// <param name="Count">Elements.</param>
/// <param name="Ratio">The probability that an element is dropped; at least 0, below 1.</param>
public sealed record DropoutSpec(int Count, float Ratio) : OperatorSpec<IDropout>
{
    /// <summary>What a kept element is multiplied by.</summary>
    public float Scale => 1 / (1 - Ratio);

    /// <summary>Random numbers below this drop their element.</summary>
    public uint Threshold => (uint)(Ratio * 4294967296.0);
}

/// <summary>Dropout over a blob.</summary>
public interface IDropout : IOperator
{
    /// <summary>
    /// Element i is dropped where number <paramref name="counter"/> + i of the stream is below <see cref="DropoutSpec.Threshold"/>, on every
    /// backend alike. The counter is a multiple of 4. Overwrites the output, which may be the input, and remembers what was dropped.
    /// </summary>
    void Forward(DeviceBuffer input, DeviceBuffer output, in CounterRandom random, ulong counter);

    /// <summary>Brings the gradient back through the last <see cref="Forward"/>. Overwrites inputDiff, which may be outputDiff.</summary>
    void Backward(DeviceBuffer outputDiff, DeviceBuffer inputDiff);
}
