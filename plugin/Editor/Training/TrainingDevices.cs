using System;
using System.Collections.Generic;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.OpenCL;
using Cortado.Training;

namespace Cortado.Unity.Editor
{
    /// <summary>What can train here. Drivers may take seconds to answer: off the main thread only.</summary>
    internal static class TrainingDevices
    {
        private static readonly TimeSpan TuningBudget = TimeSpan.FromSeconds(8);

        /// <summary>Keys and names of all choices for a menu, the automatic one first.</summary>
        public static IReadOnlyList<(string Key, string Name)> List()
        {
            var devices = new List<(string, string)> { ("auto", "Automatic"), ("cpu", "CPU") };
            foreach (OpenClDevice device in OpenClPlatforms.Discover().Devices)
                if (device.Problem == null) devices.Add((device.Key, MenuText($"{device.Name} ({device.Key})")));
            return devices;
        }

        /// <summary>A name as one line of a menu: the editor's menus make a submenu at each slash, so a division slash takes its place.</summary>
        public static string MenuText(string name) => name.Replace('/', '\u2215');

        /// <summary>Opens the device of a key.</summary>
        /// <param name="key">The key.</param>
        /// <param name="begins">Whether a training begins: then a graphics card that nobody tuned is tuned for some seconds. One that goes on must compute as it did.</param>
        /// <exception cref="CortadoException">There is no such device, or it cannot be used.</exception>
        public static OpenedDevice Open(string key, bool begins)
        {
            OpenedDevice opened = Open(key);
            if (begins && opened.Backend is OpenClBackend device) OpenClTuner.TuneAtFirstUse(device, TuningBudget);
            return opened;
        }

        /// <summary>Opens the device of a key, or the CPU where it cannot be used: the reason says why.</summary>
        public static OpenedDevice OpenOrCpu(string key)
        {
            try
            {
                return Open(key);
            }
            catch (CortadoException unusable)
            {
                OpenedDevice cpu = Open("cpu");
                return new OpenedDevice(cpu.Backend, cpu.Key, $"{cpu.Reason}, for {key} cannot be used: {unusable.Message}");
            }
        }

        private static OpenedDevice Open(string key)
        {
            if (key == "cpu")
            {
                CpuBackend cpu = Cpu();
                return new OpenedDevice(cpu, "cpu", $"the CPU ({cpu.Description})");
            }
            if (key != "auto")
            {
                var named = new OpenClBackend(OpenClPlatforms.Discover().Find(key));
                return new OpenedDevice(named, named.Device.Key, $"{named.Device.Key}, {named.Description}");
            }
            DeviceChoice choice = DeviceChoice.Auto();
            if (choice.Backend is OpenClBackend device) return new OpenedDevice(device, device.Device.Key, choice.Reason);
            choice.Backend.Dispose();
            return new OpenedDevice(Cpu(), "cpu", choice.Reason);
        }

        /// <summary>The CPU. Where there are more than two processors, one stays the editor's.</summary>
        public static CpuBackend Cpu() => new CpuBackend(Math.Max(Math.Min(2, Environment.ProcessorCount), Environment.ProcessorCount - 1));
    }
}
