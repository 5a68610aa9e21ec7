namespace Cortado;

/// <summary>
/// An error that the user can do something about: a bad file, an unknown layer type, shapes that do not fit.
/// The message says what was found, where, what was expected and what to do next, and is meant to be shown as it is.
/// </summary>
public class CortadoException : Exception
{
    /// <summary>Creates the error with no message of its own.</summary>
    public CortadoException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What was found, where, and what was expected.</param>
    public CortadoException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">What was found, where, and what was expected.</param>
    /// <param name="innerException">The error that led to this one.</param>
    public CortadoException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
