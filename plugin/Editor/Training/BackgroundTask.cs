using System;
using System.Threading;
using System.Threading.Tasks;

namespace Cortado.Unity.Editor
{
    /// <summary>Long work off the main thread, that the main thread looks at now and then: nothing calls back into the editor.</summary>
    internal abstract class BackgroundTask
    {
        private readonly CancellationTokenSource _cancel = new CancellationTokenSource();
        private volatile float _share;

        /// <summary>Stops the work.</summary>
        public CancellationToken Token => _cancel.Token;

        /// <summary>The share done, from 0 to 1, where the work says.</summary>
        public float Share { get => _share; set => _share = value; }

        /// <summary>Whether it has ended, in whatever way.</summary>
        public abstract bool IsDone { get; }

        /// <summary>Asks it to end soon.</summary>
        public void Cancel() => _cancel.Cancel();

        /// <summary>Waits for its end; whether it came in time.</summary>
        public abstract bool Wait(TimeSpan limit);
    }

    /// <summary>Such work with a result.</summary>
    internal sealed class BackgroundTask<T> : BackgroundTask
    {
        private readonly Task<T> _task;

        public BackgroundTask(Func<BackgroundTask, T> work) => _task = Task.Run(() => work(this));

        public override bool IsDone => _task.IsCompleted;

        /// <summary>Whether there is a result.</summary>
        public bool Succeeded => _task.Status == TaskStatus.RanToCompletion;

        /// <summary>The result of work that succeeded.</summary>
        public T Result => _task.Result;

        /// <summary>Why there is none, for people; null where there is one, and where the work was cancelled.</summary>
        public string Problem
        {
            get
            {
                Exception error = _task.Exception?.GetBaseException();
                if (error == null || error is OperationCanceledException) return null;
                return error is CortadoException ? error.Message : error.ToString();
            }
        }

        public override bool Wait(TimeSpan limit)
        {
            try
            {
                return _task.Wait(limit);
            }
            catch (AggregateException)
            {
                // Its problem is told to whoever looks.
                return true;
            }
        }
    }
}
