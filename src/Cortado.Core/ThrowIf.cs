namespace Cortado;

/// <summary>Argument checks that both target frameworks have.</summary>
internal static class ThrowIf
{
    public static void Null([System.Diagnostics.CodeAnalysis.NotNull] object? argument, string name)
    {
        if (argument is null)
        {
            throw new ArgumentNullException(name);
        }
    }
}
