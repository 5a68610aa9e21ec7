namespace Cortado.Backends.Cpu;

/// <summary>
/// Shares the channels of an (outer, channels, inner) array out: each part has neighbouring channels, several where they are
/// narrow, so that no two parts write the same cache line often.
/// </summary>
internal readonly struct ChannelGroups
{
    /// <summary>The most channels in a part.</summary>
    public const int Widest = 64;

    private readonly int _channels, _size;

    public ChannelGroups(int channels, int inner)
    {
        _channels = channels;
        _size = Math.Max(1, Widest / Math.Max(1, inner));
    }

    /// <summary>How many parts there are.</summary>
    public int Parts => (_channels + _size - 1) / _size;

    /// <summary>The channels [first, end) of a part.</summary>
    public void Part(int part, out int first, out int end)
    {
        first = part * _size;
        end = Math.Min(_channels, first + _size);
    }
}
