using System;
using System.Collections.Generic;

namespace UnityEngine.Events
{
    [Serializable]
    public abstract class UnityEventBase
    {
        // Listeners of a scene file: bound by the double's scene loader.
        internal readonly List<Delegate> Persistent = new List<Delegate>();
        private protected readonly List<Delegate> _calls = new List<Delegate>();
        private Delegate[] _running = Array.Empty<Delegate>();

        public int GetPersistentEventCount() => Persistent.Count;

        public void RemoveAllListeners() => _calls.Clear();

        private protected void Add(Delegate call) => _calls.Add(call);

        private protected void Remove(Delegate call) => _calls.RemoveAll(c => c.Equals(call));

        /// <summary>The listeners as they are now: one may add or remove others while it runs.</summary>
        private protected Delegate[] Prepare(out int count)
        {
            count = Persistent.Count + _calls.Count;
            if (_running.Length < count) _running = new Delegate[2 * count];
            Persistent.CopyTo(_running);
            _calls.CopyTo(_running, Persistent.Count);
            return _running;
        }
    }
}
