namespace Cortado.Unity
{
    /// <summary>How often a picture is taken.</summary>
    public enum ClassificationRate
    {
        /// <summary>Every frame, as far as the budget allows.</summary>
        EveryFrame = 0,

        /// <summary>So many times a second.</summary>
        PerSecond = 1,

        /// <summary>Only when a script asks.</summary>
        OnDemand = 2,
    }
}
