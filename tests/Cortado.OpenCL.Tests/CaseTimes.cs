using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>
/// A row of times for each operator call of each parity case, on the managed backend and on the device: where the environment variable
/// CORTADO_CASE_TIMES names a file for the table. The shapes are awkward and small: it shows where one backend is far behind, not how fast a network is.
/// </summary>
internal sealed class CaseTimes
{
    private const int Runs = 5;

    private readonly Dictionary<(string Case, string Call), double[]> _rows = [];
    private readonly string _path;

    private CaseTimes(string path) => _path = path;

    public static CaseTimes? FromEnvironment() => Environment.GetEnvironmentVariable("CORTADO_CASE_TIMES") is { Length: > 0 } path ? new CaseTimes(path) : null;

    /// <summary>The times of a case on a backend.</summary>
    public CaseTimer For(string what, IBackend backend, bool isDevice) => new(this, what, backend, isDevice ? 1 : 0);

    /// <summary>Writes the table.</summary>
    public void Save() => File.AppendAllLines(_path, _rows.Where(row => row.Value.All(time => time > 0)).Select(row => string.Create(CultureInfo.InvariantCulture,
        $"{row.Value[0],10:F1} us managed {row.Value[1],10:F1} us device {row.Value[0] / row.Value[1],8:F2} times as fast  {row.Key.Call} of {row.Key.Case}")));

    /// <summary>Runs a call: once for what only the first one does, then for the time of the fastest.</summary>
    public void Time(string what, string call, IBackend backend, int column, Action run)
    {
        run();
        backend.Synchronize();
        double best = double.MaxValue;
        for (int i = 0; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            backend.Synchronize();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        if (!_rows.TryGetValue((what, call), out double[]? times)) _rows.Add((what, call), times = new double[2]);
        times[column] = best;
    }
}

/// <summary>Stands between a case and its operators.</summary>
internal sealed class CaseTimer(CaseTimes times, string what, IBackend backend, int column)
{
    private readonly Dictionary<string, int> _calls = [];

    public T Wrap<T>(T made) where T : class, IOperator => made switch
    {
        // What takes spans cannot be wrapped by reflection.
        IWeightedSum sum => (T)(object)new TimedSum(this, sum),
        IElementwiseProduct or IElementwiseMax => made,
        _ => TimedOperator.Around(this, made),
    };

    public void Time(string call, Action run)
    {
        int before = _calls.GetValueOrDefault(call);
        _calls[call] = before + 1;
        times.Time(what, before == 0 ? call : $"{call} ({before + 1})", backend, column, run);
    }

    private sealed class TimedSum(CaseTimer timer, IWeightedSum sum) : IWeightedSum
    {
        public void Run(ReadOnlySpan<DeviceBuffer> inputs, ReadOnlySpan<float> coefficients, DeviceBuffer output)
        {
            DeviceBuffer[] all = inputs.ToArray();
            float[] factors = coefficients.ToArray();
            timer.Time("WeightedSum.Run", () => sum.Run(all, factors, output));
        }

        public void Dispose() => sum.Dispose();
    }
}

/// <summary>An operator whose calls are timed.</summary>
public class TimedOperator : DispatchProxy
{
    private CaseTimer? _timer;
    private object? _made;

    internal static T Around<T>(CaseTimer timer, T made) where T : class
    {
        T proxy = Create<T, TimedOperator>();
        var timed = (TimedOperator)(object)proxy;
        (timed._timer, timed._made) = (timer, made);
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? result = null;
        if (targetMethod!.Name is "Dispose" or "WeightsChanged") return targetMethod.Invoke(_made, args);
        _timer!.Time($"{targetMethod.DeclaringType!.Name[1..]}.{targetMethod.Name}", () => result = targetMethod.Invoke(_made, args));
        return result;
    }
}
