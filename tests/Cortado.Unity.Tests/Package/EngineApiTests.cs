namespace Cortado.Unity.Tests.Package;

/// <summary>
/// The doubles say what the engine has; so nothing here shows that it has it. Each type and member that a script uses was therefore looked up where the engine itself says so, and stands in
/// tests/UnityDoubles/api.txt with the module that it is in.
/// </summary>
public sealed class EngineApiTests
{
    [Fact]
    public void Scripts_use_what_was_looked_up_in_the_engines_sources()
    {
        SortedSet<string> used = new(EngineApi.Used("Cortado.Unity", "Cortado.Unity.Editor", "Cortado.Unity.Samples", "SortingGate", "Cortado.Unity.Editor.Tests"), StringComparer.Ordinal);
        string[] looked = [.. EngineApi.Checked];
        Assert.Equal(looked.Length, looked.Distinct().Count());
        string[] unknown = [.. used.Except(looked)], gone = [.. looked.Except(used)];
        Assert.True(unknown.Length == 0, $"Look these up (tests/UnityDoubles/README.md says where) and add them to api.txt:\n{string.Join('\n', unknown)}");
        Assert.True(gone.Length == 0, $"No script uses these any more; take them out of api.txt:\n{string.Join('\n', gone)}");
    }
}
