namespace Cortado.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int BadInput = 1;
    public const int WrongUsage = 2;
    public const int Diverged = 3;
    public const int DeviceFailed = 4;
    public const int Cancelled = 130;
}
