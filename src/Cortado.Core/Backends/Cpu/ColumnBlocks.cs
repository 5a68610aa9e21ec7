namespace Cortado.Backends.Cpu;

/// <summary>
/// Cuts an (outer, channels, inner) array into blocks of neighbouring columns: each has up to <see cref="Width"/> positions of
/// one outer index, whose values along the middle axis lie <c>inner</c> apart. Narrow columns are handed out several at a time.
/// </summary>
internal readonly struct ColumnBlocks
{
    /// <summary>The most columns in a block.</summary>
    public const int Width = 256;

    private const int ElementsInPart = 8192;

    private readonly int _inner, _blocksPerOuter, _blocks, _blocksInPart;

    public ColumnBlocks(int outer, int channels, int inner)
    {
        _inner = inner;
        _blocksPerOuter = (inner + Width - 1) / Width;
        _blocks = outer * _blocksPerOuter;
        _blocksInPart = Math.Max(1, ElementsInPart / Math.Max(1, channels * Math.Min(inner, Width)));
    }

    /// <summary>How many parts of work there are.</summary>
    public int Parts => (_blocks + _blocksInPart - 1) / _blocksInPart;

    /// <summary>The blocks [first, end) of a part.</summary>
    public void Part(int part, out int first, out int end)
    {
        first = part * _blocksInPart;
        end = Math.Min(_blocks, first + _blocksInPart);
    }

    /// <summary>Where a block lies: its outer index, its first column and how many columns it has.</summary>
    public void Block(int block, out int outer, out int start, out int length)
    {
        outer = block / _blocksPerOuter;
        start = (block - outer * _blocksPerOuter) * Width;
        length = Math.Min(Width, _inner - start);
    }
}
