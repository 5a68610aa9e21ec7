using Silk.NET.OpenCL;

namespace Cortado.OpenCL.Runtime;

/// <summary>The queue of a backend that only counts memory: it takes every command and does none.</summary>
internal sealed unsafe class RehearsalQueue : CommandQueue
{
    public override void Run(nint kernel, string name, nuint groups, nuint groupSize, nuint rows) { }

    public override void Run(nint kernel, string name, uint dimensions, nuint* global, nuint* local) { }

    public override void Clear(nint memory, nuint bytes) { }

    public override void Copy(nint from, nint to, nuint bytes) { }

    public override nint BeginWrite(nint memory, void* from, nuint bytes) => 0;

    public override nint BeginRead(nint memory, void* to, nuint bytes) => 0;

    public override void Read(nint memory, void* to, nuint bytes) { }

    public override void* Map(nint memory, MapFlags flags, nuint bytes, nint* done) => throw new InvalidOperationException("A rehearsal has no memory to map.");

    public override void Unmap(nint memory, void* address) { }

    public override void Wait(ref nint done) => done = 0;

    public override void WaitUpload(ref nint done) => done = 0;

    public override void Flush() { }

    public override void Finish() { }
}
