using Cortado.Tensors;

namespace Cortado.Backends.Contracts;

/// <summary>A factor and an offset for each index of the middle axis of an (Outer, Channels, Inner) array.</summary>
/// <param name="Outer">Product of the extents before the scaled axes.</param>
/// <param name="Channels">Product of the scaled axes' extents: the length of scale and bias.</param>
/// <param name="Inner">Product of the extents behind them.</param>
public sealed record ChannelAffineSpec(int Outer, int Channels, int Inner) : OperatorSpec<IChannelAffine>;

/// <summary>Scales and shifts channels.</summary>
public interface IChannelAffine : IOperator
{
    /// <summary>output = input * scale[c] + bias[c]; a null scale is 1 and a null bias 0. The output may be the input.</summary>
    void Forward(DeviceBuffer input, DeviceBuffer? scale, DeviceBuffer? bias, DeviceBuffer output);

    /// <summary>inputDiff = outputDiff * scale[c]; may be the same buffer.</summary>
    void BackwardData(DeviceBuffer outputDiff, DeviceBuffer? scale, DeviceBuffer inputDiff);

    /// <summary>scaleDiff[c] = sum of outputDiff * input, added to what is there where <paramref name="accumulate"/> says so.</summary>
    void BackwardScale(DeviceBuffer input, DeviceBuffer outputDiff, DeviceBuffer scaleDiff, bool accumulate);

    /// <summary>biasDiff[c] = sum of outputDiff, added to what is there where <paramref name="accumulate"/> says so.</summary>
    void BackwardBias(DeviceBuffer outputDiff, DeviceBuffer biasDiff, bool accumulate);
}
