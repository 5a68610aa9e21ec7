using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Solvers;

/// <summary>What an update rule is given for one blob of weights in one iteration.</summary>
internal readonly record struct ParamUpdate(
    DeviceBuffer Weights, DeviceBuffer Diff, DeviceBuffer First, DeviceBuffer? Second, GradientTerms Terms, float Rate, int Iteration);
