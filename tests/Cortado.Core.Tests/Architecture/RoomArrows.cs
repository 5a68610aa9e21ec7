namespace Cortado.Tests.Architecture;

/// <summary>Which room (namespace) of the core may use which.</summary>
public class RoomArrows
{
    private static readonly Dictionary<string, string[]> Below = new(StringComparer.Ordinal)
    {
        ["Formats"] = [],
        ["Tensors"] = [],
        // Random crops and mirrors come from the same counter-based numbers as everything else.
        ["Data"] = ["Formats", "Tensors"],
        ["Backends"] = ["Tensors"],
        ["Layers"] = ["Backends", "Tensors", "Formats", "Data"],
        ["Nets"] = ["Layers", "Backends", "Tensors", "Formats", "Data"],
        ["Solvers"] = ["Nets", "Layers", "Backends", "Tensors", "Formats", "Data"],
        // The diagnosis reads what the solver reports, and never the other way round.
        ["Diagnostics"] = ["Solvers", "Nets", "Layers", "Backends", "Tensors", "Formats", "Data"],
        ["Inference"] = ["Diagnostics", "Solvers", "Nets", "Layers", "Backends", "Tensors", "Formats", "Data"],
        ["Training"] = ["Diagnostics", "Solvers", "Nets", "Layers", "Backends", "Tensors", "Formats", "Data"],
    };

    [Fact]
    public void PointDownOnly()
    {
        using var built = new BuiltAssembly(typeof(CortadoException).Assembly);
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((var from, var to) in built.Uses())
        {
            if (Room(BuiltAssembly.NamespaceOf(from)) is not { } user || Room(BuiltAssembly.NamespaceOf(to)) is not { } used || user == used) continue;
            if (!Below.TryGetValue(user, out string[]? allowed)) wrong.Add($"{from.FullName}: the room {user} is not known");
            else if (!allowed.Contains(used)) wrong.Add($"{from.FullName} uses {to.FullName}");
        }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static string? Room(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length > 1 && parts[0] == "Cortado" ? parts[1] : null;
    }
}
