using System.Globalization;
using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Backends.Cpu;
using Cortado.OpenCL.Operators;
using Cortado.OpenCL.Runtime;
using Cortado.Tensors;
using Silk.NET.OpenCL;

namespace Cortado.OpenCL;

/// <summary>
/// Computes on one OpenCL device. Work is given to the device and the call returns; only a host view waits for it. An operator
/// that the device lacks runs on the managed backend, on the host views of the same buffers.
/// </summary>
public sealed unsafe class OpenClBackend : IMemoryBound, IKernelCompiler
{
    // Contexts, compiled kernels, the screen: some hundred MiB on a card of 8 GiB.
    private const int DriversShare = 16;

    private static readonly OperatorCatalog<OpenClBackend> Catalog = OpenClOperators.Create();

    private readonly SharedContext? _context;
    private readonly OpenClOptions _options;
    private readonly BackgroundTuner? _background;
    private readonly string? _cacheFolder;
    private readonly List<string> _fallbacks = new();
    private CpuBackend? _cpu;
    private long _allocated, _peak;
    private int _handles;

    /// <summary>Opens a device.</summary>
    /// <exception cref="CortadoException">It cannot be used, or its driver fails.</exception>
    public OpenClBackend(OpenClDevice device, OpenClOptions? options = null)
    {
        _options = options ??= new OpenClOptions();
        if (device.Problem != null) throw new CortadoException($"Device {device.Key} cannot be used: {device.Problem}");
        Device = device;
        SharesHostMemory = device.SharesHostMemory && !options.AsGpu;
        UsesCpuKernels = device.IsCpu && !options.AsGpu;
        Api = OpenClApi.TryLoad(out string? problem) ?? throw new CortadoException(problem!);
        _context = options.ForTrials ? SharedContext.GetOwn(Api, device) : SharedContext.Get(Api, device.DeviceId);
        Recorder = options.RecordTo == null ? null : new CommandRecorder(options.RecordTo);
        FaultInjection? fault = options.Fault ?? (options.ForTrials ? null : FaultInjection.FromEnvironment());
        Queue = Recorder == null ? new CommandQueue(Api, _context.Handle, device, fault) : new RecordingQueue(Api, _context.Handle, device, Recorder);
        string? folder = options.CacheFolder ?? CacheFolder.Find();
        Programs = new Programs(Api, _context.Handle, device, folder == null ? null : new BinaryStore(folder), Recorder);
        Workspace = new Workspace(this);
        ThreadRooms = new Workspace(this, scratch: true);
        HalfWeights = options.HalfWeights;
        _cacheFolder = folder;
        MatrixKernels = new MatrixKernels(this, folder == null ? null : new TuningStore(folder));
        MemoryLimits = new MemoryLimits(device.Name, options.MemoryBytes ?? device.MemoryBytes, options.LargestBufferBytes ?? device.LargestBufferBytes,
            SharesHostMemory || options.MemoryBytes != null ? 0 : device.MemoryBytes / DriversShare);
        _background = Background();
    }

    /// <summary>A stand-in for a backend that counts memory.</summary>
    private OpenClBackend(OpenClBackend real)
    {
        Rehearses = true;
        _options = real._options;
        Device = real.Device;
        SharesHostMemory = real.SharesHostMemory;
        UsesCpuKernels = real.UsesCpuKernels;
        HalfWeights = real.HalfWeights;
        MemoryLimits = real.MemoryLimits;
        Api = real.Api;
        Queue = new RehearsalQueue();
        Programs = null!;
        Workspace = new Workspace(this);
        ThreadRooms = new Workspace(this);
        // What others have used before is there still.
        Workspace.Reserve(real.Workspace.AllocatedBytes);
        ThreadRooms.Reserve(real.ThreadRooms.AllocatedBytes);
        MatrixKernels = new MatrixKernels(this, null) { Panels = real.MatrixKernels.Panels, Tiles = real.MatrixKernels.Tiles };
    }

    /// <summary>Raised once for each kind of operator that the device lacks, when it is first prepared, with a sentence about it.</summary>
    public event Action<string>? FellBack;

    /// <inheritdoc/>
    public string Name => "OpenCL";

    /// <inheritdoc/>
    public string Description => Device.ToString();

    /// <summary>The device.</summary>
    public OpenClDevice Device { get; }

    /// <summary>The operators that run on the managed backend because the device lacks them, each once, by the names of their specs.</summary>
    public IReadOnlyList<string> Fallbacks => _fallbacks;

    /// <summary>Memory on the device that this backend holds now, in bytes.</summary>
    public long AllocatedBytes => Interlocked.Read(ref _allocated);

    /// <inheritdoc/>
    public long HeldBytes => AllocatedBytes - Workspace.AllocatedBytes - ThreadRooms.AllocatedBytes;

    /// <summary>The most memory on the device that this backend has held at one time, in bytes.</summary>
    public long PeakBytes => Interlocked.Read(ref _peak);

    /// <inheritdoc/>
    public MemoryLimits MemoryLimits { get; }

    /// <inheritdoc/>
    public int CompiledPrograms => Programs.Compiled;

    /// <inheritdoc/>
    public int CachedPrograms => Programs.Loaded;

    /// <summary>Programs for this device and driver that earlier runs left on disk.</summary>
    public int StoredPrograms => Programs.Stored.Programs;

    /// <summary>What earlier runs left on disk for this device and driver, for people: <c>41 kernels (1.2 MiB), tuned</c>.</summary>
    public string DescribeCache()
    {
        (int programs, long bytes) = Programs.Stored;
        string kernels = programs == 0 ? "no kernels"
            : string.Format(CultureInfo.InvariantCulture, "{0} {1} ({2})", programs, programs == 1 ? "kernel" : "kernels", Device.KeepsKernels ? "kept by the driver" : Mebibytes(bytes));
        return kernels + (MatrixKernels.Tuned ? ", tuned" : ", not tuned");
    }

    /// <summary>Why nothing can be kept for the next start, as a sentence; null where it can, or where nobody wants it to. Tries to write a file.</summary>
    public string? CacheProblem => _cacheFolder == null || MatrixKernels.Store!.IsWritable() ? null
        : $"The cache folder {_cacheFolder} cannot be written to: kernels are compiled anew at each start, and what tuning finds is lost. Name another folder in CORTADO_CACHE, or leave it empty for none.";

    internal OpenClApi Api { get; }

    internal CommandQueue Queue { get; }

    internal Programs Programs { get; }

    /// <summary>What writes all commands down; null in earnest.</summary>
    internal CommandRecorder? Recorder { get; }

    /// <summary>Scratch memory that operators share: the queue is in order, so one is done with it before the next begins.</summary>
    internal Workspace Workspace { get; }

    /// <summary>More scratch memory of the same kind, cut into a room for each thread of a CPU device.</summary>
    internal Workspace ThreadRooms { get; }

    /// <summary>The kernels that multiply matrices on this device.</summary>
    internal MatrixKernels MatrixKernels { get; }

    internal bool HalfWeights { get; }

    internal bool SharesHostMemory { get; }

    /// <summary>Whether kernels are those for CPUs: few wide work-items without barriers instead of many narrow ones.</summary>
    internal bool UsesCpuKernels { get; }

    /// <summary>Whether this is a stand-in that only counts memory.</summary>
    internal bool Rehearses { get; }

    /// <summary>Native objects of operators and buffers that are not released: pieces of memory, kernels and events.</summary>
    internal int LiveHandles => Volatile.Read(ref _handles) + Queue.Events;

    /// <summary>Says that a native object was made (1) or released (-1).</summary>
    internal void CountHandle(int change) => Interlocked.Add(ref _handles, change);

    /// <summary>What looks for faster kernels beside a network in use; null where nothing does.</summary>
    internal BackgroundTuner? BackgroundTuner => _background;

    /// <summary>The longest buffer that was made, in bytes.</summary>
    internal long LargestAllocation { get; private set; }

    /// <summary>How often an operator was prepared that the device lacks.</summary>
    internal int PreparedFallbacks { get; private set; }

    internal bool Disposed { get; private set; }

    /// <inheritdoc/>
    public DeviceBuffer Allocate(int count)
    {
        if (Rehearses) return new RehearsalBuffer(this, count);
        long bytes = (long)count * sizeof(float);
        if (bytes > MemoryLimits.LargestBufferBytes)
            throw new OpenClException(string.Format(CultureInfo.InvariantCulture,
                "A buffer of {0} is too long for {1}, whose longest is {2}. Use a smaller batch or image.", Mebibytes(bytes), Device.Name, Mebibytes(MemoryLimits.LargestBufferBytes)));
        OpenClBuffer buffer = SharesHostMemory ? new SharedBuffer(this, count) : new MirroredBuffer(this, count);
        try
        {
            buffer.Clear();
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator
    {
        if (_background != null && IsOfNetworkInUse(spec)) _background.NetworkPrepared();
        if (Catalog.TryPrepare(this, spec, out TOperator? prepared) && prepared != null) return prepared;
        string kind = spec.GetType().Name;
        if (kind.EndsWith("Spec", StringComparison.Ordinal)) kind = kind.Substring(0, kind.Length - 4);
        _cpu ??= new CpuBackend();
        prepared = _cpu.Prepare(spec);
        PreparedFallbacks++;
        if (!_fallbacks.Contains(kind))
        {
            _fallbacks.Add(kind);
            FellBack?.Invoke($"{kind} has no OpenCL kernel: it runs on the managed backend, for which the device must finish what it was given.");
        }
        return prepared;
    }

    /// <inheritdoc/>
    public IRehearsal BeginRehearsal() => new OpenClRehearsal(new OpenClBackend(this));

    /// <inheritdoc/>
    public void Synchronize() => Queue.Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Disposed) return;
        _background?.Dispose();
        Workspace.Dispose();
        ThreadRooms.Dispose();
        // What failed leaves its context in an unknown state: whoever opens the device next gets a new one.
        if (Queue.Failure != null) _context?.Abandon();
        Queue.Dispose();
        Disposed = true;
        Programs?.Dispose();
        _context?.Dispose();
        Recorder?.Dispose();
        _cpu?.Dispose();
    }

    /// <summary>Another backend on the same device, on which tuning tries candidates.</summary>
    internal OpenClBackend ForTrials() => new(Device, _options with
    {
        ForTrials = true,
        BackgroundTuning = TimeSpan.Zero,
        RecordTo = null,
        Fault = _options.BackgroundPace.Fault,
    });

    /// <summary>A kernel of a file in Kernels, compiled with the tuning's options and others.</summary>
    internal Kernel CreateKernel(string file, string options, string name, int groupSize) =>
        Rehearses ? new Kernel(this, name) : new Kernel(this, Programs.Get(file, options), name, groupSize);

    internal nint CreateMemory(MemFlags flags, long bytes, bool scratch)
    {
        if (Rehearses)
        {
            Count(bytes);
            return 1;
        }
        int code;
        nint memory = Api.Cl.CreateBuffer(_context!.Handle, flags, (nuint)bytes, null, &code);
        if (code is OpenClError.MemObjectAllocationFailure or OpenClError.OutOfResources or OpenClError.OutOfHostMemory or OpenClError.InvalidBufferSize)
            throw new OpenClException(string.Format(CultureInfo.InvariantCulture,
                "{0} has no room for another {1} ({2}): this network holds {3} of its {4} already. Use a smaller batch, or close what else uses the device.",
                Device.Name, Mebibytes(bytes), OpenClError.Name(code), Mebibytes(AllocatedBytes), Mebibytes(Device.MemoryBytes)), code);
        OpenClError.Check(code, "clCreateBuffer");
        Recorder?.Create(memory, bytes, scratch);
        CountHandle(1);
        if (IsOnDevice(flags)) Count(bytes);
        if (LargePages.CanHelp && SharesHostMemory && bytes >= LargePages.LeastBytes) AskForLargePages(memory, bytes);
        return memory;
    }

    private unsafe void AskForLargePages(nint memory, long bytes)
    {
        void* address = Queue.Map(memory, MapFlags.Write, (nuint)bytes, null);
        LargePages.Ask(address, (nuint)bytes);
        Queue.Unmap(memory, address);
    }

    internal void ReleaseMemory(nint memory, MemFlags flags, long bytes)
    {
        if (!Rehearses)
        {
            Recorder?.Release(memory);
            Api.Cl.ReleaseMemObject(memory);
            CountHandle(-1);
        }
        if (IsOnDevice(flags)) Interlocked.Add(ref _allocated, -bytes);
    }

    // Pinned memory is the host's.
    private bool IsOnDevice(MemFlags flags) => SharesHostMemory || (flags & MemFlags.AllocHostPtr) == 0;

    private void Count(long bytes)
    {
        long now = Interlocked.Add(ref _allocated, bytes);
        if (now > PeakBytes) Interlocked.Exchange(ref _peak, now);
        LargestAllocation = Math.Max(LargestAllocation, bytes);
    }

    // A device that only plays a graphics card, for tests, is tuned when somebody says so.
    private BackgroundTuner? Background()
    {
        if (UsesCpuKernels || _options.ForTrials || MatrixKernels.Store == null || MatrixKernels.Tuned) return null;
        TimeSpan budget = _options.BackgroundTuning ?? (_options.AsGpu ? TimeSpan.Zero : BackgroundPace.Budget());
        return budget > TimeSpan.Zero ? new BackgroundTuner(this, budget, _options.BackgroundPace) : null;
    }

    // Weights of a training change: other kernels beside it would change the bits of what is resumed from it.
    private static bool IsOfNetworkInUse<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator =>
        spec is ConvolutionSpec { FrozenWeights: true } or InnerProductSpec { FrozenWeights: true };

    private static string Mebibytes(long bytes) => string.Format(CultureInfo.InvariantCulture, "{0:F1} MiB", bytes / (1024.0 * 1024));
}
