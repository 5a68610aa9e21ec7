using System;
using System.Threading;
using UnityEngine;

namespace Cortado.Unity
{
    /// <summary>
    /// Sees to it that a thread and the native memory that it holds are gone before the scripts' domain is: when the game quits or stops to play, and in the editor, in edit mode too, before scripts are
    /// reloaded and when it quits. Made with the thread, on the main thread, and forgotten when the thread has ended; nothing static but the engine's own events remembers it.
    /// </summary>
    internal sealed class BackgroundLife
    {
        // A driver may compile for seconds; a thread that outlives the scripts' domain takes the engine down.
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly SynchronizationContext _mainThread = SynchronizationContext.Current;
        private readonly SendOrPostCallback _forget;
        private Action _stop;
        private Func<TimeSpan, bool> _join;

        public BackgroundLife() => _forget = state => Forget();

        /// <summary>Whether the scripts' domain goes now: nothing that is on its way will come back to these scripts.</summary>
        public bool IsOver { get; private set; }

        /// <summary>Begins to watch over a thread.</summary>
        /// <param name="stop">Asks it to end and returns at once.</param>
        /// <param name="join">Waits until it has ended.</param>
        public void Begin(Action stop, Func<TimeSpan, bool> join)
        {
            (_stop, _join) = (stop, join);
            Application.quitting += End;
#if UNITY_EDITOR
            UnityEditor.AssemblyReloadEvents.beforeAssemblyReload += End;
            UnityEditor.EditorApplication.quitting += End;
#endif
        }

        /// <summary>Says, on any thread, that the thread is about to end and holds nothing any more.</summary>
        public void Ended() => _mainThread?.Post(_forget, null);

        private void End()
        {
            IsOver = true;
            Forget();
            _stop();
            if (!_join(Patience)) Debug.LogError("Cortado: a device did not finish its work in time.");
        }

        private void Forget()
        {
            Application.quitting -= End;
#if UNITY_EDITOR
            UnityEditor.AssemblyReloadEvents.beforeAssemblyReload -= End;
            UnityEditor.EditorApplication.quitting -= End;
#endif
        }
    }
}
