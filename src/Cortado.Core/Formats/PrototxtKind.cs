namespace Cortado.Formats;

/// <summary>What a prototxt describes.</summary>
public enum PrototxtKind
{
    /// <summary>Neither can be told, such as of an empty file.</summary>
    Unknown,

    /// <summary>A network.</summary>
    Network,

    /// <summary>A solver.</summary>
    Solver,
}
