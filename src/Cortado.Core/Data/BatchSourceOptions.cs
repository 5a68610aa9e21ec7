namespace Cortado.Data;

/// <summary>How a batch source works ahead. Nothing here changes what the batches hold.</summary>
public sealed class BatchSourceOptions
{
    /// <summary>Threads that read, decode and transform; 0 for as many as suit the machine.</summary>
    public int Threads { get; init; }

    /// <summary>Batches held at once, the one in use included; 0 for what the layer says, else 3. At least 2.</summary>
    public int Batches { get; init; }

    internal int ThreadCount => Threads > 0 ? Threads : Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    internal int BatchCount(uint asked) =>
        Math.Clamp(Batches > 0 ? Batches : asked > 0 ? (int)Math.Min(asked, 64) : 3, 2, 64);
}
