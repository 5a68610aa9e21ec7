namespace Cortado.Inference;

/// <summary>
/// What a network's layers take on a device, learnt while it runs. A device that works beside the program would have to be waited for after each layer to know; with this, as many layers are
/// given to it as fit a slice of time, and it is waited for once.
/// </summary>
internal sealed class LayerTimes
{
    private const double MostFaster = 0.25, MostSlower = 2;

    private readonly double[] _expected;

    public LayerTimes(int layers)
    {
        _expected = new double[layers];
        Array.Fill(_expected, double.PositiveInfinity);
    }

    /// <summary>What a layer is expected to take, in ticks of the caller's clock; infinite before it was measured.</summary>
    public double Expected(int layer) => _expected[layer];

    /// <summary>Takes account of what layers that were waited for together took.</summary>
    public void Learn(int first, int end, double ticks)
    {
        if (end - first == 1)
        {
            // A first time holds compiling, and any time something of the machine's: the least is nearest to the truth, and a layer that stays slower is believed by and by.
            _expected[first] = ticks < _expected[first] ? ticks : (_expected[first] + ticks) / 2;
            return;
        }
        double sum = 0;
        for (int i = first; i < end; i++) sum += _expected[i];
        double factor = Math.Min(MostSlower, Math.Max(MostFaster, ticks / sum));
        for (int i = first; i < end; i++) _expected[i] = sum > 0 ? factor * _expected[i] : ticks / (end - first);
    }
}
