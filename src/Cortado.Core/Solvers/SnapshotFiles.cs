namespace Cortado.Solvers;

/// <summary>The files of one snapshot.</summary>
/// <param name="Iteration">Updates done.</param>
/// <param name="Model">The weights, <c>.caffemodel</c>.</param>
/// <param name="State">Caffe's state, <c>.solverstate</c>.</param>
/// <param name="Checkpoint">Everything that is needed to go on bit for bit, <c>.cortado</c>.</param>
/// <param name="Healthy">
/// Whether all weights and history are finite. Files of a state that is not have names of their own
/// (<c>PREFIX_diverged_iter_N</c>) and so never replace good ones.
/// </param>
public sealed record SnapshotFiles(int Iteration, string Model, string State, string Checkpoint, bool Healthy);
