namespace Cortado.Packaging;

/// <summary>Something that the caller of the tool can mend; the message is shown as it is.</summary>
internal sealed class PackagingException(string message) : Exception(message);
