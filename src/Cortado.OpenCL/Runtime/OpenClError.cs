using System.Globalization;

namespace Cortado.OpenCL.Runtime;

/// <summary>Error codes of OpenCL and what becomes of them.</summary>
internal static class OpenClError
{
    public const int DeviceNotFound = -1;
    public const int MemObjectAllocationFailure = -4;
    public const int OutOfResources = -5;
    public const int OutOfHostMemory = -6;
    public const int BuildProgramFailure = -11;
    public const int InvalidBufferSize = -61;
    public const int PlatformNotFound = -1001;

    /// <summary>Throws where a call failed.</summary>
    /// <exception cref="OpenClException">It did.</exception>
    public static void Check(int code, string call)
    {
        if (code != 0) throw Failure(code, call);
    }

    public static OpenClException Failure(int code, string call) => new($"The OpenCL driver failed in {call}: {Name(code)}.{Hint(code)}", code);

    /// <summary>The name in cl.h with its number.</summary>
    public static string Name(int code)
    {
        string name = code switch
        {
            -1 => "CL_DEVICE_NOT_FOUND",
            -2 => "CL_DEVICE_NOT_AVAILABLE",
            -3 => "CL_COMPILER_NOT_AVAILABLE",
            -4 => "CL_MEM_OBJECT_ALLOCATION_FAILURE",
            -5 => "CL_OUT_OF_RESOURCES",
            -6 => "CL_OUT_OF_HOST_MEMORY",
            -11 => "CL_BUILD_PROGRAM_FAILURE",
            -10 => "CL_IMAGE_FORMAT_NOT_SUPPORTED",
            -12 => "CL_MAP_FAILURE",
            -14 => "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
            -30 => "CL_INVALID_VALUE",
            -33 => "CL_INVALID_DEVICE",
            -34 => "CL_INVALID_CONTEXT",
            -36 => "CL_INVALID_COMMAND_QUEUE",
            -38 => "CL_INVALID_MEM_OBJECT",
            -42 => "CL_INVALID_BINARY",
            -43 => "CL_INVALID_BUILD_OPTIONS",
            -44 => "CL_INVALID_PROGRAM",
            -45 => "CL_INVALID_PROGRAM_EXECUTABLE",
            -46 => "CL_INVALID_KERNEL_NAME",
            -48 => "CL_INVALID_KERNEL",
            -49 => "CL_INVALID_ARG_INDEX",
            -50 => "CL_INVALID_ARG_VALUE",
            -51 => "CL_INVALID_ARG_SIZE",
            -52 => "CL_INVALID_KERNEL_ARGS",
            -54 => "CL_INVALID_WORK_GROUP_SIZE",
            -55 => "CL_INVALID_WORK_ITEM_SIZE",
            -59 => "CL_INVALID_OPERATION",
            -61 => "CL_INVALID_BUFFER_SIZE",
            -9999 => "CL_NVIDIA_ILLEGAL_BUFFER_READ_OR_WRITE",
            -1001 => "CL_PLATFORM_NOT_FOUND_KHR",
            _ => "error",
        };
        return string.Format(CultureInfo.InvariantCulture, "{0} ({1})", name, code);
    }

    /// <summary>What an error usually means, as further sentences; empty where nothing is known.</summary>
    public static string Hint(int code) => code switch
    {
        MemObjectAllocationFailure or OutOfResources or OutOfHostMemory =>
            " That usually means that the device's memory is full: use a smaller batch, or close what else uses the device.",
        -9999 => " A kernel read or wrote outside its buffers: a fault in Cortado or in the driver. Update the driver; if it stays, please report it.",
        -14 => " A command before it had failed on the device.",
        -2 or -34 or -36 => " The device may have been lost (a driver that was reset, a machine that slept). Start again.",
        _ => "",
    };
}
