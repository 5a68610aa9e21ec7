namespace Cortado.Backends.Cpu;

/// <summary>
/// The innermost part of every matrix product: a tile of <see cref="Rows"/> x <see cref="Columns"/> sums held in registers while
/// it runs along the depth of two packed panels.
/// </summary>
/// <remarks>
/// A panel of the left matrix holds <see cref="Rows"/> rows in groups of <see cref="DepthGroup"/> steps: [depth / 16][row][16]. A row
/// that lies contiguous in memory is packed by copying 16 floats at a time, and the kernel reads single values of it. A panel of
/// the right matrix holds <see cref="Columns"/> columns: [depth][column]. Sums run along the depth in order, one step
/// after another, whoever computes them.
/// </remarks>
internal abstract unsafe class GemmKernel
{
    /// <summary>Steps of depth that lie together in a row of a left panel.</summary>
    public const int DepthGroup = 16;

    /// <summary>Rows of a full tile.</summary>
    public abstract int Rows { get; }

    /// <summary>Columns of a full tile: two vectors.</summary>
    public abstract int Columns { get; }

    /// <summary>Floats of a left panel of a depth: the depth is rounded up to whole groups.</summary>
    public int LeftPanel(int depth) => (depth + DepthGroup - 1) / DepthGroup * DepthGroup * Rows;

    /// <summary>Floats of a right panel of a depth.</summary>
    public int RightPanel(int depth) => depth * Columns;

    /// <summary>Whether <see cref="Multiply"/> of so many rows and columns writes these and no more.</summary>
    public abstract bool IsExact(int rows, int columns);

    /// <summary>
    /// target (+)= left * right. Writes the first rows and columns of a tile, or more of it, up to the full tile, unless <see cref="IsExact"/>.
    /// </summary>
    /// <param name="left">A left panel.</param>
    /// <param name="right">A right panel.</param>
    /// <param name="depth">Steps of depth.</param>
    /// <param name="target">Where the tile goes.</param>
    /// <param name="pitch">Floats from one row of the target to the next.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="rows">How many rows are wanted.</param>
    /// <param name="columns">How many columns are wanted.</param>
    /// <param name="ahead">Rows in memory that will be wanted soon: a cache line of each is fetched with every group of steps.</param>
    /// <param name="aheadPitch">Floats from one of these rows to the next.</param>
    /// <param name="aheadRows">How many there are; 0 for none.</param>
    public abstract void Multiply(float* left, float* right, int depth, float* target, nint pitch, bool accumulate, int rows, int columns,
        float* ahead = null, nint aheadPitch = 0, int aheadRows = 0);

    /// <summary>
    /// target = tile + bias, then ReLU: whole rows of a tile of pitch <see cref="Columns"/>. The target may be the tile itself.
    /// </summary>
    /// <param name="tile">The sums.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="rowBias">A value for each row, or null.</param>
    /// <param name="columnBias">A value for each column, all <see cref="Columns"/> of them readable, or null.</param>
    /// <param name="relu">Whether to apply a ReLU.</param>
    /// <param name="target">Where the rows go.</param>
    /// <param name="pitch">Floats from one row of the target to the next.</param>
    public abstract void Finish(float* tile, int rows, float* rowBias, float* columnBias, bool relu, float* target, nint pitch);
}
