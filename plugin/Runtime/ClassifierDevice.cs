namespace Cortado.Unity
{
    /// <summary>What computes.</summary>
    public enum ClassifierDevice
    {
        /// <summary>The fastest of what this machine has.</summary>
        Auto = 0,

        /// <summary>The best OpenCL device; the CPU where there is none, with one message.</summary>
        OpenCL = 1,

        /// <summary>The CPU, in managed code.</summary>
        Cpu = 2,
    }
}
