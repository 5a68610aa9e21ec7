using Cortado.Backends.Contracts;

namespace Cortado.Backends.Cpu;

/// <summary>
/// The sum of a loss over positions, gathered in blocks of fixed size so that its bits do not depend on the number of threads,
/// and in double, so that a large batch loses nothing; and the divisor.
/// </summary>
internal sealed unsafe class LossSum
{
    /// <summary>Positions in a block.</summary>
    public const int Block = 4096;

    private readonly LossNormalization _normalization;
    private readonly int _positions, _batch;
    private readonly double[] _sums;
    private readonly int[] _valid;

    /// <summary>Creates the sum.</summary>
    /// <param name="positions">All positions.</param>
    /// <param name="batch">The batch size: the divisor of <see cref="LossNormalization.BatchSize"/>.</param>
    /// <param name="normalization">The divisor.</param>
    public LossSum(int positions, int batch, LossNormalization normalization)
    {
        _positions = positions;
        _batch = batch;
        _normalization = normalization;
        _sums = new double[Blocks];
        _valid = new int[Blocks];
    }

    /// <summary>How many blocks of positions there are.</summary>
    public int Blocks => (_positions + Block - 1) / Block;

    /// <summary>The positions [start, end) of a block.</summary>
    public void Range(int block, out int start, out int end)
    {
        start = block * Block;
        end = Math.Min(_positions, start + Block);
    }

    /// <summary>Sets what a block came to.</summary>
    /// <param name="block">The block.</param>
    /// <param name="sum">The sum of its losses.</param>
    /// <param name="valid">How many of its positions were not ignored.</param>
    public void Set(int block, double sum, int valid)
    {
        _sums[block] = sum;
        _valid[block] = valid;
    }

    /// <summary>
    /// Counts what is valid without summing: a backward pass may see other labels than the last forward pass did.
    /// </summary>
    public void CountValid(float* labels, int? ignore)
    {
        for (int block = 0; block < Blocks; block++)
        {
            Range(block, out int start, out int end);
            int valid = 0;
            for (int i = start; i < end; i++)
                if (!LabelRange.IsIgnored(labels[i], ignore)) valid++;
            Set(block, 0, valid);
        }
    }

    /// <summary>The divisor, from the valid positions of the last pass; at least 1.</summary>
    public float Divisor()
    {
        int divisor = 1;
        if (_normalization == LossNormalization.Full) divisor = _positions;
        else if (_normalization == LossNormalization.BatchSize) divisor = _batch;
        else if (_normalization == LossNormalization.Valid)
        {
            divisor = 0;
            foreach (int valid in _valid) divisor += valid;
        }
        return Math.Max(1, divisor);
    }

    /// <summary>The loss: the blocks' sum over the divisor.</summary>
    public float Loss()
    {
        double sum = 0;
        foreach (double part in _sums) sum += part;
        return (float)(sum / Divisor());
    }
}
