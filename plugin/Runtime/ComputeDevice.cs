using System;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;

namespace Cortado.Unity
{
    /// <summary>Opens what computes.</summary>
    internal static class ComputeDevice
    {
        /// <summary>Opens a device.</summary>
        /// <param name="device">Which one.</param>
        /// <param name="note">Is told, once, where it is another one than was asked for.</param>
        public static IBackend Open(ClassifierDevice device, Action<string> note) => Open(device, note, () => new OpenClBackend(OpenClPlatforms.Discover().Find("opencl")));

        /// <summary>The same, with another way to open an OpenCL device.</summary>
        internal static IBackend Open(ClassifierDevice device, Action<string> note, Func<IBackend> openCl)
        {
            switch (device)
            {
                case ClassifierDevice.Cpu:
                    return Cpu();
                case ClassifierDevice.OpenCL:
                    try
                    {
                        return openCl();
                    }
                    catch (CortadoException missing)
                    {
                        note("The CPU computes instead of an OpenCL device. " + missing.Message);
                        return Cpu();
                    }
                default:
                    IBackend chosen = DeviceChoice.Auto().Backend;
                    if (!(chosen is CpuBackend)) return chosen;
                    chosen.Dispose();
                    return Cpu();
            }
        }

        // One processor stays the game's.
        private static CpuBackend Cpu() => new CpuBackend(Math.Max(1, Environment.ProcessorCount - 1));
    }
}
