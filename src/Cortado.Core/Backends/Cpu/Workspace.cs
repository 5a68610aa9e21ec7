using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// Room that the operators of a backend use one after another: a part for each thread and a part for all of them. It is as
/// large as the neediest operator asked for, not as all together, and holds nothing from one operator's run to the next.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly HostBuffer?[] _lanes;
    private HostBuffer? _shared;

    public Workspace(int lanes) => _lanes = new HostBuffer?[lanes];

    /// <summary>Asks for room, in floats. Called when an operator is prepared, or by the first of its backward passes.</summary>
    public void Reserve(int laneFloats, int sharedFloats)
    {
        for (int i = 0; i < _lanes.Length; i++) Grow(ref _lanes[i], laneFloats);
        Grow(ref _shared, sharedFloats);
    }

    /// <summary>The room of one thread.</summary>
    public float* Lane(int lane) => _lanes[lane]!.Pointer;

    /// <summary>The room that all threads share.</summary>
    public float* Shared => _shared!.Pointer;

    public void Dispose()
    {
        foreach (HostBuffer? lane in _lanes) lane?.Dispose();
        _shared?.Dispose();
    }

    private static void Grow(ref HostBuffer? buffer, int floats)
    {
        if (buffer != null && buffer.Count >= floats) return;
        buffer?.Dispose();
        buffer = new HostBuffer(Math.Max(floats, 64));
    }
}
