using System.Globalization;

namespace Cortado.OpenCL.Runtime;

/// <summary>
/// Makes a command fail as a driver would, so that tests see what becomes of it. Set by an internal option, or for a whole process by
/// the environment variable CORTADO_FAIL_COMMAND: <c>120:-5</c> for error -5 at the 120th command, <c>120:-5:later</c> for one that shows only when somebody waits.
/// </summary>
internal sealed class FaultInjection
{
    public const string Variable = "CORTADO_FAIL_COMMAND";

    private readonly int _at, _code;
    private readonly bool _later;
    private bool _due;

    /// <summary>Plans a failure.</summary>
    /// <param name="at">Which command fails, from 1; 0 for none.</param>
    /// <param name="code">OpenCL's error code.</param>
    /// <param name="later">Whether the device takes the command, and fails while it runs.</param>
    public FaultInjection(int at, int code, bool later = false)
    {
        _at = at;
        _code = code;
        _later = later;
    }

    /// <summary>Commands given so far.</summary>
    public int Given { get; private set; }

    /// <summary>What the environment asks for; null for nothing.</summary>
    public static FaultInjection? FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return null;
        string[] parts = text.Split(':');
        return parts.Length >= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int at)
            && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int code)
            ? new FaultInjection(at, code, parts.Length > 2 && parts[2] == "later") : null;
    }

    /// <summary>The code with which the next command fails; 0 for none.</summary>
    public int OnCommand()
    {
        if (++Given != _at) return 0;
        _due = _later;
        return _later ? 0 : _code;
    }

    /// <summary>The code with which waiting fails; 0 for none.</summary>
    public int OnWait() => _due ? _code : 0;
}
