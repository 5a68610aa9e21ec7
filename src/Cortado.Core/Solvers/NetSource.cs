using Cortado.Formats;

namespace Cortado.Solvers;

/// <summary>Where a network of a solver comes from.</summary>
/// <param name="Net">The network, upgraded, with its state set.</param>
/// <param name="Description">In Caffe's words: <c>net file: train_val.prototxt</c>, <c>net_param</c>, ...</param>
/// <param name="FileName">The file that it stands in: its own, or the solver's.</param>
/// <param name="Locations">Where its layers stand in its own file; null for a network that stands in the solver's.</param>
internal sealed record NetSource(NetParameter Net, string Description, string? FileName, SourceMap? Locations);
