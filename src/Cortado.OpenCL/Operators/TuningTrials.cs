using Cortado.OpenCL.Runtime;

namespace Cortado.OpenCL.Operators;

/// <summary>
/// Where candidates are measured: another backend on the same device, with a queue and memory of its own. A candidate that brings it down brings down nothing else;
/// the next one gets a new one.
/// </summary>
internal sealed class TuningTrials : IDisposable
{
    private readonly OpenClBackend _owner;
    private readonly TuningWorkload _work;
    private readonly Action? _pause;
    private readonly List<OpenClBackend> _closed = new();
    private OpenClBackend? _backend;
    private TuningRun? _run;

    /// <summary>Begins with none open.</summary>
    /// <param name="owner">Whose device it is.</param>
    /// <param name="work">What is measured.</param>
    /// <param name="pause">Called after each piece of work; see <see cref="TuningWorkload.Measure(OpenClBackend, TuningRun, Action)"/>.</param>
    public TuningTrials(OpenClBackend owner, TuningWorkload work, Action? pause = null)
    {
        _owner = owner;
        _work = work;
        _pause = pause;
    }

    /// <summary>Native objects that closed backends have not released: none, if all is right. What a failure left half made is released by its finalizer.</summary>
    public int Leaked
    {
        get
        {
            int handles = 0;
            foreach (OpenClBackend backend in _closed) handles += backend.LiveHandles;
            return handles;
        }
    }

    /// <summary>A candidate's speed in operations per second, or why it will not do.</summary>
    /// <param name="use">Has the kernels of matrices take the candidate's numbers.</param>
    public (double FlopsPerSecond, string? Problem) Measure(Action<MatrixKernels> use)
    {
        try
        {
            _backend ??= _owner.ForTrials();
            _run ??= new TuningRun(_backend, _work);
        }
        catch (OpenClException failure)
        {
            Close();
            return (0, failure.Message);
        }
        use(_backend.MatrixKernels);
        (double, string?) result = _work.Measure(_backend, _run, _pause);
        if (_backend.Queue.Failure != null) Close();
        return result;
    }

    public void Dispose() => Close();

    private void Close()
    {
        _run?.Dispose();
        _backend?.Dispose();
        if (_backend != null) _closed.Add(_backend);
        _run = null;
        _backend = null;
    }
}
