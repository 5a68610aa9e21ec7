using System.Globalization;
using Cortado.Backends;
using Cortado.Formats;
using Cortado.Nets;

namespace Cortado.Tests.Conformance;

/// <summary>Runs a layer on given arrays and compares its top with what a plain reference gives.</summary>
internal sealed class RuleCheck : IDisposable
{
    private readonly IBackend _backend = TestBackend.Create();
    private readonly Findings _findings = new();

    /// <summary>Compares one layer's output.</summary>
    /// <param name="type">The layer's type.</param>
    /// <param name="settings">Its parameters in prototxt.</param>
    /// <param name="bottoms">Its inputs.</param>
    /// <param name="expected">Its outputs.</param>
    /// <param name="learned">Its learnable blobs; none to leave them as they are filled.</param>
    /// <param name="phase">The phase.</param>
    public void Compare(string type, string settings, PlainArray[] bottoms, PlainArray[] expected, PlainArray[]? learned = null, Phase phase = Phase.Train)
    {
        string what = $"{type} {{ {settings} }} of {string.Join(", ", bottoms.Select(bottom => $"({string.Join(" ", bottom.Shape)})"))}";
        string text = string.Concat(bottoms.Select(Input))
            + $"layer {{ name: \"l\" type: \"{type}\"{Names(" bottom: \"x", bottoms.Length)}{Names(" top: \"y", expected.Length)} {settings} }}";
        using Net net = Net.Build(NetFile.Parse(text, "rule.prototxt").Message, new NetOptions { Backend = _backend, State = new NetState { Phase = phase } });
        for (int i = 0; i < bottoms.Length; i++) bottoms[i].ToFloats().CopyTo(net.Blob($"x{i}").WriteData());
        for (int i = 0; i < (learned?.Length ?? 0); i++)
        {
            var blob = net.FindLayer("l")!.Layer.Blobs[i];
            if (!blob.Shape.ToArray().SequenceEqual(learned![i].Shape))
                _findings.Add($"{what}: learnable blob {i} has shape {blob.Shape}; expected ({string.Join(" ", learned[i].Shape)}).");
            else
                learned[i].ToFloats().CopyTo(blob.WriteData());
        }
        net.WeightsChanged();
        net.Forward();
        for (int i = 0; i < expected.Length; i++)
        {
            var top = net.Blob($"y{i}");
            if (!top.Shape.ToArray().SequenceEqual(expected[i].Shape))
                _findings.Add($"{what}: top {i} has shape {top.Shape}; expected ({string.Join(" ", expected[i].Shape)}).");
            else
                _findings.Add(ArrayDifference.Describe(what, expected[i].ToFloats(), top.ReadData()));
        }
    }

    public void Dispose()
    {
        _backend.Dispose();
        _findings.Check();
    }

    private static string Names(string start, int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{start}{i}\""));

    private static string Input(PlainArray bottom, int index) =>
        $"layer {{ name: \"in{index}\" type: \"Input\" top: \"x{index}\" input_param {{ shape {{ {string.Concat(bottom.Shape.Select(dim => string.Create(CultureInfo.InvariantCulture, $"dim: {dim} ")))}}} }} }}\n";
}
