using System.Text;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>The compiled programs of a backend: from memory, from disk, or from their source.</summary>
internal sealed unsafe class Programs : IDisposable
{
    private const int LogLines = 12;

    // PoCL 3.1 breaks down when two threads of a process compile at once, though OpenCL says that they may.
    internal static readonly object Compiling = new();

    // In place of a binary: an earlier run has had the driver compile the program, and the driver kept it.
    private static readonly byte[] KeptByDriver = Encoding.ASCII.GetBytes("kept by the driver");

    private readonly CL _cl;
    private readonly nint _context;
    private readonly OpenClDevice _device;
    private readonly BinaryStore? _store;
    private readonly CommandRecorder? _recorder;
    private readonly Dictionary<string, KernelSource> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, nint> _programs = new(StringComparer.Ordinal);

    public Programs(OpenClApi api, nint context, OpenClDevice device, BinaryStore? store, CommandRecorder? recorder = null)
    {
        _cl = api.Cl;
        _context = context;
        _device = device;
        _store = store;
        _recorder = recorder;
    }

    /// <summary>How many programs were compiled from source.</summary>
    public int Compiled { get; private set; }

    /// <summary>How many programs came from disk, from here or from where the driver keeps them.</summary>
    public int Loaded { get; private set; }

    /// <summary>How many programs for this device and driver lie on disk, and their size in bytes.</summary>
    public (int Programs, long Bytes) Stored => _store?.Count(DeviceKey) ?? default;

    private string DeviceKey => string.Join("\n", _device.Platform, _device.Name, _device.DriverVersion, _device.Version, "");

    /// <summary>The program of a kernel file, compiled with options such as <c>-D WIDTH=4</c>.</summary>
    /// <exception cref="OpenClException">It does not compile; the message has the first lines of the device's build log.</exception>
    public nint Get(string file, string options)
    {
        if (!_sources.TryGetValue(file, out KernelSource? source)) _sources.Add(file, source = KernelSource.Read(file));
        return Get(source, options);
    }

    /// <summary>The program of a source that the caller holds.</summary>
    /// <exception cref="OpenClException">It does not compile; the message has the first lines of the device's build log.</exception>
    public nint Get(KernelSource source, string options)
    {
        string id = source.Name + "\n" + source.Hash + "\n" + options;
        if (_programs.TryGetValue(id, out nint program)) return program;
        string key = DeviceKey + id;
        byte[]? stored = _store?.Read(key);
        bool isKept = _device.KeepsKernels && stored != null && stored.AsSpan().SequenceEqual(KeptByDriver);
        program = stored == null || isKept ? 0 : Load(stored, options);
        if (program == 0)
        {
            program = Compile(source, options);
            if (isKept) Loaded++;
            else Compiled++;
            if (!isKept) Keep(key, program);
        }
        _programs.Add(id, program);
        _recorder?.Program(program, source.Text, options);
        return program;
    }

    public void Dispose()
    {
        foreach (nint program in _programs.Values) _cl.ReleaseProgram(program);
        _programs.Clear();
    }

    private nint Load(byte[] binary, string options)
    {
        nint device = _device.DeviceId;
        nuint length = (nuint)binary.Length;
        nint program;
        int status, code;
        fixed (byte* bytes = binary)
        {
            byte* first = bytes;
            program = _cl.CreateProgramWithBinary(_context, 1, &device, &length, &first, &status, &code);
        }
        if (code == 0 && status == 0 && Build(program, options) == 0)
        {
            Loaded++;
            return program;
        }
        if (program != 0) _cl.ReleaseProgram(program);
        return 0;
    }

    private nint Compile(KernelSource source, string options)
    {
        byte[] text = Encoding.ASCII.GetBytes(source.Text);
        nuint length = (nuint)text.Length;
        int code;
        nint program;
        fixed (byte* first = text)
        {
            byte* line = first;
            program = _cl.CreateProgramWithSource(_context, 1, &line, &length, &code);
        }
        OpenClError.Check(code, "clCreateProgramWithSource");
        code = Build(program, options);
        if (code == 0) return program;
        string log = BuildLog(program);
        _cl.ReleaseProgram(program);
        throw new OpenClException(
            $"The compiler of {_device.Name} (driver {_device.DriverVersion}) refused the kernel file {source.Name} with '{options}': {OpenClError.Name(code)}. It said:\n{log}", code);
    }

    private int Build(nint program, string options)
    {
        // Relaxed mathematics would let NaN and infinity come and go as the compiler likes: never.
        byte[] text = Encoding.ASCII.GetBytes("-cl-std=CL1.2 " + options + "\0");
        nint device = _device.DeviceId;
        fixed (byte* first = text)
        {
            if (!_device.IsPocl) return _cl.BuildProgram(program, 1, &device, first, null!, null);
            lock (Compiling) return _cl.BuildProgram(program, 1, &device, first, null!, null);
        }
    }

    private string BuildLog(nint program)
    {
        nuint size = 0;
        if (_cl.GetProgramBuildInfo(program, _device.DeviceId, ProgramBuildInfo.BuildLog, 0, null, &size) != 0 || size == 0) return "(nothing)";
        var bytes = new byte[(int)size];
        fixed (byte* first = bytes) _cl.GetProgramBuildInfo(program, _device.DeviceId, ProgramBuildInfo.BuildLog, size, first, null);
        string[] lines = OpenClApi.ToText(bytes).Split('\n');
        return string.Join("\n", lines, 0, Math.Min(lines.Length, LogLines));
    }

    private void Keep(string key, nint program)
    {
        if (_store == null) return;
        if (_device.KeepsKernels)
        {
            _store.Write(key, KeptByDriver);
            return;
        }
        nuint size = 0;
        if (_cl.GetProgramInfo(program, ProgramInfo.BinarySizes, (nuint)sizeof(nuint), &size, null) != 0 || size == 0) return;
        var binary = new byte[(int)size];
        fixed (byte* bytes = binary)
        {
            byte* first = bytes;
            if (_cl.GetProgramInfo(program, ProgramInfo.Binaries, (nuint)sizeof(byte*), &first, null) != 0) return;
        }
        _store.Write(key, binary);
    }
}
