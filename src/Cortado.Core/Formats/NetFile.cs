namespace Cortado.Formats;

/// <summary>Network prototxt files of any generation.</summary>
public static class NetFile
{
    /// <summary>Reads a network and upgrades it to the current form, as Caffe does when it opens one.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The upgraded network; the locations are those of the file.</returns>
    /// <exception cref="CortadoException">The file cannot be read, is no network, or cannot be upgraded.</exception>
    public static PrototxtDocument<NetParameter> Load(string path) => Upgrade(Prototxt.Load<NetParameter>(path));

    /// <summary>Reads a network from text and upgrades it to the current form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name that errors and locations give.</param>
    /// <returns>The upgraded network; the locations are those of the text.</returns>
    /// <exception cref="CortadoException">The text is no network, or cannot be upgraded.</exception>
    public static PrototxtDocument<NetParameter> Parse(string text, string fileName) => Upgrade(Prototxt.Parse<NetParameter>(text, fileName));

    private static PrototxtDocument<NetParameter> Upgrade(PrototxtDocument<NetParameter> document)
    {
        document.Warnings = NetUpgrade.Apply(document.Message, document.Locations, document.FileName);
        return document;
    }
}
