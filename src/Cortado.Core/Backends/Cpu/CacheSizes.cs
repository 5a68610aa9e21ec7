using System.Globalization;

namespace Cortado.Backends.Cpu;

/// <summary>How large a core's caches are, for blocking: as Linux tells it, elsewhere what every desktop of the last ten years has.</summary>
internal sealed class CacheSizes
{
    private const int DefaultLevel1 = 32 * 1024, DefaultLevel2 = 512 * 1024;
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    public CacheSizes(int level1 = DefaultLevel1, int level2 = DefaultLevel2)
    {
        Level1 = level1;
        Level2 = level2;
    }

    /// <summary>Bytes of the first-level data cache.</summary>
    public int Level1 { get; }

    /// <summary>Bytes of the second-level cache of a core.</summary>
    public int Level2 { get; }

    /// <summary>What this machine has.</summary>
    public static CacheSizes Detect()
    {
        int level1 = 0, level2 = 0;
        try
        {
            for (int i = 0; i < 8 && Directory.Exists($"{Folder}/index{i}"); i++)
            {
                string kind = File.ReadAllText($"{Folder}/index{i}/type").Trim();
                string level = File.ReadAllText($"{Folder}/index{i}/level").Trim();
                int bytes = ParseSize(File.ReadAllText($"{Folder}/index{i}/size").Trim());
                if (level == "1" && kind == "Data") level1 = bytes;
                if (level == "2" && kind != "Instruction") level2 = bytes;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A machine that does not say is a machine with the usual sizes.
        }
        return new CacheSizes(Plausible(level1, DefaultLevel1, 8 << 10, 1 << 20), Plausible(level2, DefaultLevel2, 64 << 10, 32 << 20));
    }

    private static int Plausible(int bytes, int otherwise, int least, int most) => bytes >= least && bytes <= most ? bytes : otherwise;

    private static int ParseSize(string text)
    {
        int unit = text.EndsWith('K') ? 1024 : text.EndsWith('M') ? 1024 * 1024 : 1;
        return int.TryParse(text.TrimEnd('K', 'M'), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value * unit : 0;
    }
}
