using System;
using Cortado.Inference;

namespace Cortado.Unity
{
    /// <summary>
    /// What a picture shows: the best classes, best first. A value of its own: it may be kept, and nothing that is classified later changes it.
    /// </summary>
    public readonly struct Classification
    {
        /// <summary>The most classes that it holds.</summary>
        public const int MaxCount = 5;

        private readonly ClassScore _first, _second, _third, _fourth, _fifth;

        internal Classification(ReadOnlySpan<ClassScore> best, double time, long number)
        {
            Count = Math.Min(best.Length, MaxCount);
            _first = Count > 0 ? best[0] : default;
            _second = Count > 1 ? best[1] : default;
            _third = Count > 2 ? best[2] : default;
            _fourth = Count > 3 ? best[3] : default;
            _fifth = Count > 4 ? best[4] : default;
            Time = time;
            Number = number;
        }

        /// <summary>How many classes it holds; 0 before anything was classified.</summary>
        public int Count { get; }

        /// <summary>The best class's name; null before anything was classified.</summary>
        public string Label => _first.Label;

        /// <summary>The best class's number, from 0.</summary>
        public int Index => _first.Index;

        /// <summary>How sure the network is of the best class, 0 to 1 where the network ends in a Softmax.</summary>
        public float Probability => _first.Probability;

        /// <summary>When the picture was taken: UnityEngine.Time.unscaledTimeAsDouble of that frame.</summary>
        public double Time { get; }

        /// <summary>Counts the component's pictures from 1, in the order in which they were taken.</summary>
        public long Number { get; }

        /// <summary>The class in a place, 0 the best.</summary>
        public ClassScore this[int place]
        {
            get
            {
                if (place < 0 || place >= Count) throw new ArgumentOutOfRangeException(nameof(place));
                switch (place)
                {
                    case 0: return _first;
                    case 1: return _second;
                    case 2: return _third;
                    case 3: return _fourth;
                    default: return _fifth;
                }
            }
        }

        /// <summary>The best class and how sure the network is, such as <c>ball 98.1 %</c>.</summary>
        public override string ToString() => Count == 0 ? "nothing yet" : FormattableString.Invariant($"{Label} {100 * Probability:F1} %");
    }
}
