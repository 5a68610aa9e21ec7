namespace Cortado.OpenCL;

/// <summary>What an OpenCL driver failed in, with its own name for the error and what to do next.</summary>
public sealed class OpenClException : DeviceException
{
    /// <summary>Creates the error with no message of its own.</summary>
    public OpenClException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What failed.</param>
    public OpenClException(string message) : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The error that led to this one.</param>
    public OpenClException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    internal OpenClException(string message, int code) : base(message) => Code = code;

    /// <summary>OpenCL's error code; 0 where the error did not come from a call.</summary>
    public int Code { get; }
}
