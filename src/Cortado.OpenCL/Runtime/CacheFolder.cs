namespace Cortado.OpenCL.Runtime;

/// <summary>Where compiled kernels and tuning results are kept between runs.</summary>
internal static class CacheFolder
{
    /// <summary>The variable that names another folder; empty for none at all.</summary>
    public const string Variable = "CORTADO_CACHE";

    /// <summary>The folder of <see cref="Variable"/>, else Cortado's own in the user's local application data; null for none.</summary>
    public static string? Find()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (given != null) return given.Length == 0 ? null : given;
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length == 0 ? null : Path.Combine(local, "Cortado", "Cache");
    }
}
