using System.Globalization;
using Cortado.Backends;
using Cortado.OpenCL;

namespace Cortado.Cli;

/// <summary>What weights in half precision cost: answers held against those of the same device with whole weights.</summary>
internal sealed class HalfAccuracy
{
    private double _largest;
    private int _answers, _changed;

    /// <summary>The same device with whole weights.</summary>
    public static OpenClBackend Whole(IBackend half) => new(((OpenClBackend)half).Device, new OpenClOptions { BackgroundTuning = TimeSpan.Zero });

    /// <summary>Takes the answers to some images: as many numbers each as there are classes.</summary>
    public void Add(ReadOnlySpan<float> whole, ReadOnlySpan<float> half, int classes)
    {
        for (int first = 0; first + classes <= whole.Length; first += classes)
        {
            int best = 0, bestOfHalf = 0;
            for (int i = 0; i < classes; i++)
            {
                _largest = Math.Max(_largest, Math.Abs(whole[first + i] - half[first + i]));
                if (whole[first + i] > whole[first + best]) best = i;
                if (half[first + i] > half[first + bestOfHalf]) bestOfHalf = i;
            }
            _answers++;
            if (best != bestOfHalf) _changed++;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Half precision: the largest difference from whole weights is {_largest:G3}; {_changed} of {_answers} answers changed.");
}
