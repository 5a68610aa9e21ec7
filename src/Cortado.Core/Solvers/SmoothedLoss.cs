namespace Cortado.Solvers;

/// <summary>The loss averaged over the last iterations (<c>average_loss</c>), updated as Caffe updates it.</summary>
internal sealed class SmoothedLoss
{
    private readonly float[] _window;
    private int _filled, _added;

    public SmoothedLoss(int size) => _window = new float[size];

    /// <summary>The average.</summary>
    public float Value { get; private set; }

    /// <summary>Losses that the average spans at most.</summary>
    public int Size => _window.Length;

    /// <summary>The losses in the average, in the order in which they are stored.</summary>
    public ReadOnlySpan<float> Window => _window.AsSpan(0, _filled);

    /// <summary>Losses added since the beginning.</summary>
    public int Added => _added;

    public void Add(float loss)
    {
        if (_filled < _window.Length)
        {
            _window[_filled++] = loss;
            Value = (Value * (_filled - 1) + loss) / _filled;
        }
        else
        {
            int place = _added % _window.Length;
            Value += (loss - _window[place]) / _window.Length;
            _window[place] = loss;
        }
        _added++;
    }

    /// <summary>Goes on from a remembered state. A window of another size begins anew.</summary>
    public void Restore(ReadOnlySpan<float> window, int size, int added, float value)
    {
        if (size != _window.Length || window.Length > size) return;
        window.CopyTo(_window);
        _filled = window.Length;
        _added = added;
        Value = value;
    }
}
