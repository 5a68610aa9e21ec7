using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>A queue that writes its commands down, and what the memory holds where the host looks. It waits far more often than others.</summary>
internal sealed unsafe class RecordingQueue : CommandQueue
{
    private readonly Dictionary<nint, nuint> _written = new();
    private readonly CommandRecorder _recorder;

    public RecordingQueue(OpenClApi api, nint context, OpenClDevice device, CommandRecorder recorder) : base(api, context, device, null) => _recorder = recorder;

    public override void Run(nint kernel, string name, uint dimensions, nuint* global, nuint* local)
    {
        _recorder.Launch(kernel, dimensions, global, local);
        base.Run(kernel, name, dimensions, global, local);
    }

    public override void Clear(nint memory, nuint bytes)
    {
        if (bytes > 0) _recorder.Clear(memory, bytes);
        base.Clear(memory, bytes);
    }

    public override void Copy(nint from, nint to, nuint bytes)
    {
        _recorder.Copy(from, to, bytes);
        base.Copy(from, to, bytes);
    }

    public override nint BeginWrite(nint memory, void* from, nuint bytes)
    {
        _recorder.Write(memory, from, bytes);
        return base.BeginWrite(memory, from, bytes);
    }

    public override nint BeginUpload(nint memory, void* from, nuint bytes, ref nint after)
    {
        _recorder.Write(memory, from, bytes);
        return base.BeginUpload(memory, from, bytes, ref after);
    }

    public override nint BeginRead(nint memory, void* to, nuint bytes)
    {
        Look(memory, bytes);
        return base.BeginRead(memory, to, bytes);
    }

    public override void Read(nint memory, void* to, nuint bytes)
    {
        base.Read(memory, to, bytes);
        _recorder.Expect(memory, new(to, (int)bytes));
    }

    public override void* Map(nint memory, MapFlags flags, nuint bytes, nint* done)
    {
        if ((flags & MapFlags.Write) != 0) _written[memory] = bytes;
        else Look(memory, bytes);
        return base.Map(memory, flags, bytes, done);
    }

    public override void* MapForUpload(nint memory, nuint bytes, ref nint after)
    {
        _written[memory] = bytes;
        return base.MapForUpload(memory, bytes, ref after);
    }

    public override void Unmap(nint memory, void* address)
    {
        Written(memory, address);
        base.Unmap(memory, address);
    }

    public override void UnmapUpload(nint memory, void* address)
    {
        Written(memory, address);
        base.UnmapUpload(memory, address);
    }

    private void Look(nint memory, nuint bytes)
    {
        var contents = new byte[(int)bytes];
        fixed (byte* to = contents) base.Read(memory, to, bytes);
        _recorder.Expect(memory, contents);
    }

    private void Written(nint memory, void* address)
    {
        if (_written.Remove(memory, out nuint bytes)) _recorder.Write(memory, address, bytes);
    }
}
