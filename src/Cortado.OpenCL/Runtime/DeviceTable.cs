namespace Cortado.OpenCL.Runtime;

/// <summary>Numbers that an operator's kernels look up, written once in Prepare.</summary>
internal sealed unsafe class DeviceTable : IDisposable
{
    public DeviceTable(OpenClBackend backend, int[] values)
    {
        Memory = new DeviceMemory(backend, (long)values.Length * sizeof(int));
        if (values.Length == 0) return;
        fixed (int* first = values)
        {
            nint done = backend.Queue.BeginWrite(Memory.Handle, first, (nuint)values.Length * sizeof(int));
            backend.Queue.Wait(ref done);
        }
    }

    public DeviceMemory Memory { get; }

    public void Dispose() => Memory.Dispose();
}
