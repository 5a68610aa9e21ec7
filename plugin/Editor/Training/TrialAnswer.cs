using System.Collections.Generic;
using Cortado.Inference;

namespace Cortado.Unity.Editor
{
    /// <summary>What a network says of a picture that is tried on it.</summary>
    internal sealed class TrialAnswer
    {
        public TrialAnswer(ClassScore[] scores, string device) => (Scores, Device) = (scores, device);

        /// <summary>The best classes, best first.</summary>
        public IReadOnlyList<ClassScore> Scores { get; }

        /// <summary>What computed, for people.</summary>
        public string Device { get; }
    }
}
