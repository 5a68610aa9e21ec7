namespace Cortado.Cli;

/// <summary>Caffe's own options, for those whose fingers know them: what they are called here.</summary>
internal static class CaffeFlags
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["solver"] = "give --solver F",
        ["model"] = "give --model F",
        ["weights"] = "give --weights F",
        ["snapshot"] = "give --snapshot F",
        ["iterations"] = "give --iterations N",
        ["phase"] = "give --phase TRAIN or TEST ('cortado time')",
        ["gpu"] = "give --device opencl for the best graphics device, or --device opencl:P:D ('cortado devices' lists them)",
        ["level"] = "write state { level: N } in the network, or train_state in the solver",
        ["stage"] = "write state { stage: \"...\" } in the network, or train_state in the solver",
        ["sigint_effect"] = "nothing is needed: Ctrl+C writes a snapshot and ends",
        ["sighup_effect"] = "nothing is needed: a snapshot is written when the process is asked to end",
    };

    /// <summary>A hint for each argument that is an option of Caffe's in Caffe's spelling (<c>-solver F</c>, <c>-solver=F</c>, <c>--gpu 0</c>).</summary>
    public static IEnumerable<string> Hints(IEnumerable<string> args)
    {
        foreach (string arg in args)
        {
            string flag = arg.Split('=')[0], name = flag.TrimStart('-');
            int dashes = flag.Length - name.Length;
            if (dashes is not (1 or 2) || !Names.TryGetValue(name, out string? here)) continue;
            // Two dashes are right where the name is ours, too.
            if (dashes == 2 && here.StartsWith("give " + flag + " ", StringComparison.Ordinal)) continue;
            yield return $"hint: for Caffe's {flag}, {here}.";
        }
    }
}
