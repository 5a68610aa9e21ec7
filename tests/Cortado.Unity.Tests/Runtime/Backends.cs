using System.Collections.Concurrent;
using Cortado.Backends;
using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>Opens managed backends and counts those that are not disposed yet.</summary>
internal sealed class Backends
{
    private int _opened, _disposed;

    public int Opened => Volatile.Read(ref _opened);

    public int Live => Volatile.Read(ref _opened) - Volatile.Read(ref _disposed);

    /// <summary>The threads that opened backends.</summary>
    public ConcurrentBag<Thread> Threads { get; } = new();

    /// <summary>What operators wait for before they are made; null for nothing.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    public IBackend Open(ClassifierDevice device, Action<string> note)
    {
        Interlocked.Increment(ref _opened);
        Threads.Add(Thread.CurrentThread);
        return new Counted(this);
    }

    private sealed class Counted : IBackend
    {
        private readonly CpuBackend _inner = new(1);
        private readonly Backends _owner;
        private int _disposals;

        public Counted(Backends owner) => _owner = owner;

        public string Name => _inner.Name;

        public string Description => _inner.Description;

        public DeviceBuffer Allocate(int count) => _inner.Allocate(count);

        public void Synchronize() => _inner.Synchronize();

        public TOperator Prepare<TOperator>(OperatorSpec<TOperator> spec) where TOperator : class, IOperator
        {
            _owner.Gate?.Wait();
            return _inner.Prepare(spec);
        }

        public void Dispose()
        {
            if (Interlocked.Increment(ref _disposals) == 1) Interlocked.Increment(ref _owner._disposed);
            _inner.Dispose();
        }
    }
}
