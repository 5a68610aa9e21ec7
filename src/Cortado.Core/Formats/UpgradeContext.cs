using Google.Protobuf;

namespace Cortado.Formats;

/// <summary>What the steps of an upgrade share: where things stand, and what to tell the user.</summary>
internal sealed class UpgradeContext
{
    private readonly string _fileName;

    public UpgradeContext(SourceMap? locations, string fileName)
    {
        Locations = locations;
        _fileName = fileName;
    }

    public SourceMap? Locations { get; }

    public List<string> Warnings { get; } = new();

    /// <summary>The place of a field, else of its message, else the file.</summary>
    public string Place(IMessage message, string? field = null) =>
        (Locations?.Find(message, field) ?? Locations?.Find(message))?.ToString() ?? _fileName;
}
