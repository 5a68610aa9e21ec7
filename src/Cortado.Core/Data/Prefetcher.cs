using System.Runtime.ExceptionServices;

namespace Cortado.Data;

/// <summary>
/// Fills batches ahead of their use on threads of its own, a bounded number of them, and hands them out in order. The threads
/// share the items of a batch among them; which thread reads which item has no influence on the result.
/// </summary>
internal sealed class Prefetcher : IDisposable
{
    private readonly object _gate = new();
    private readonly Func<ItemReader> _openReader;
    private readonly Slot[] _slots;
    private readonly Thread[] _threads;
    private readonly int _batchSize;
    private readonly int _chunk;
    private long _start;
    private long _filling;
    private long _taken;
    private long _released;
    private int _active;
    private bool _running;
    private bool _seeking;
    private volatile bool _stopping;

    public Prefetcher(Func<ItemReader> openReader, int batchSize, (int Channels, int Height, int Width) size, int threads, int batches)
    {
        _openReader = openReader;
        _batchSize = batchSize;
        _chunk = threads == 1 ? batchSize : Math.Max(1, batchSize / (2 * threads));
        _slots = new Slot[batches];
        for (int i = 0; i < batches; i++) _slots[i] = new Slot(batchSize, size);
        _threads = new Thread[threads];
    }

    public long Position
    {
        get
        {
            lock (_gate) return _start + _taken * _batchSize;
        }
    }

    public Batch Next()
    {
        lock (_gate)
        {
            CheckOpen();
            if (!_running) Run();
            if (_released < _taken)
            {
                SlotOf(_released).Clear();
                _released = _taken;
                Monitor.PulseAll(_gate);
            }

            Slot slot = SlotOf(_taken);
            while (!slot.Ready)
            {
                Monitor.Wait(_gate);
                CheckOpen();
            }

            // The position stays, so that asking again gives the same error.
            slot.Error?.Throw();
            _taken++;
            return slot.Batch;
        }
    }

    public void Seek(long position)
    {
        if (position < 0) throw new ArgumentOutOfRangeException(nameof(position));
        lock (_gate)
        {
            CheckOpen();
            _seeking = true;
            while (_active > 0) Monitor.Wait(_gate);
            _start = position;
            _filling = _taken = _released = 0;
            foreach (Slot slot in _slots) slot.Clear();
            _seeking = false;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        if (!_running) return;
        foreach (Thread thread in _threads) thread.Join();
    }

    private void Run()
    {
        _running = true;
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = "Cortado data" };
            _threads[i].Start();
        }
    }

    private void Work()
    {
        ItemReader? reader = null;
        try
        {
            while (Claim(out Slot slot, out int first, out int end))
            {
                int item = first;
                Exception? error = null;
                try
                {
                    reader ??= _openReader();
                    for (; item < end && !_stopping; item++) reader.Read(slot.Batch.FirstRecord + item, slot.Batch, item);
                }
#pragma warning disable CA1031 // Whatever goes wrong here is thrown to the one who asks for the batch.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    error = e;
                }

                Finish(slot, end - first, item, error);
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    private bool Claim(out Slot slot, out int first, out int end)
    {
        lock (_gate)
        {
            while (!_stopping && (_seeking || _filling >= _released + _slots.Length)) Monitor.Wait(_gate);
            slot = SlotOf(_filling);
            first = end = 0;
            if (_stopping) return false;
            if (slot.Claimed == 0) slot.Begin(_start + _filling * _batchSize);
            first = slot.Claimed;
            end = slot.Claimed = Math.Min(_batchSize, first + _chunk);
            if (end == _batchSize) _filling++;
            _active++;
            return true;
        }
    }

    private void Finish(Slot slot, int count, int item, Exception? error)
    {
        lock (_gate)
        {
            // Of several the error of the first item counts, so that it does not depend on who was faster.
            if (error != null && item < slot.ErrorItem)
            {
                slot.ErrorItem = item;
                slot.Error = ExceptionDispatchInfo.Capture(error);
            }

            slot.Unfinished -= count;
            slot.Ready = slot.Unfinished == 0;
            _active--;
            if (slot.Ready || _active == 0) Monitor.PulseAll(_gate);
        }
    }

    private Slot SlotOf(long batch) => _slots[batch % _slots.Length];

    private void CheckOpen()
    {
        if (_stopping) throw new ObjectDisposedException(nameof(IBatchSource));
    }

    private sealed class Slot
    {
        private readonly (int Channels, int Height, int Width) _size;

        public Slot(int batchSize, (int Channels, int Height, int Width) size)
        {
            _size = size;
            Batch = new Batch(batchSize, size.Channels, size.Height, size.Width);
        }

        public Batch Batch { get; }

        public int Claimed { get; set; }

        public int Unfinished { get; set; }

        public bool Ready { get; set; }

        public int ErrorItem { get; set; }

        public ExceptionDispatchInfo? Error { get; set; }

        public void Begin(long firstRecord)
        {
            Clear();
            Unfinished = Batch.Size;
            Batch.FirstRecord = firstRecord;
            Batch.ClearKeys();
            Batch.Reshape(_size.Channels, _size.Height, _size.Width);
        }

        public void Clear()
        {
            Claimed = 0;
            Unfinished = 0;
            Ready = false;
            ErrorItem = int.MaxValue;
            Error = null;
        }
    }
}
