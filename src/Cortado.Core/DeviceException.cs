namespace Cortado;

/// <summary>
/// A device or its driver failed while it computed: lost, out of resources, or a kernel that broke down. What was being computed is lost, and the
/// backend computes nothing more; files are whole. Dispose what used it and open the device again.
/// </summary>
public class DeviceException : CortadoException
{
    /// <summary>Creates the error with no message of its own.</summary>
    public DeviceException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What failed, in the driver's words, and what to do next.</param>
    public DeviceException(string message) : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">What failed, in the driver's words, and what to do next.</param>
    /// <param name="innerException">The error that led to this one.</param>
    public DeviceException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
