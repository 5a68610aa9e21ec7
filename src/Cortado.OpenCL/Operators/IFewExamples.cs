using Cortado.Tensors;

namespace Cortado.OpenCL.Operators;

/// <summary>A fully connected product for one to four examples.</summary>
internal interface IFewExamples : IDisposable
{
    /// <summary>What was made of the weights no longer holds.</summary>
    void WeightsChanged();

    /// <summary>output(batch, outputs) = input(batch, inputs) * weights + bias, with ReLU if the spec says so.</summary>
    void Run(DeviceBuffer input, DeviceBuffer weights, DeviceBuffer? bias, DeviceBuffer output);
}
