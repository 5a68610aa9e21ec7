using System;
using System.Collections.Generic;
using System.Threading;
using UnityEngine;

namespace UnityDoubles
{
    /// <summary>What is posted to the main thread runs once a frame, after Update. What is posted meanwhile waits for the next frame.</summary>
    internal sealed class MainThreadContext : SynchronizationContext
    {
        private readonly Thread _mainThread = Thread.CurrentThread;
        private List<(SendOrPostCallback Call, object State)> _posted = new List<(SendOrPostCallback, object)>();
        private List<(SendOrPostCallback Call, object State)> _running = new List<(SendOrPostCallback, object)>();

        public override void Post(SendOrPostCallback d, object state)
        {
            lock (_mainThread)
            {
                _posted.Add((d, state));
            }
        }

        public override void Send(SendOrPostCallback d, object state)
        {
            if (Thread.CurrentThread == _mainThread)
            {
                d(state);
                return;
            }
            using (var done = new ManualResetEventSlim())
            {
                Post(_ =>
                {
                    d(state);
                    done.Set();
                }, null);
                done.Wait();
            }
        }

        public override SynchronizationContext CreateCopy() => this;

        internal void Run()
        {
            lock (_mainThread)
            {
                (_posted, _running) = (_running, _posted);
            }
            foreach ((SendOrPostCallback call, object state) in _running)
            {
                try
                {
                    call(state);
                }
                catch (Exception error)
                {
                    Debug.LogException(error);
                }
            }
            _running.Clear();
        }

        internal void Clear()
        {
            lock (_mainThread)
            {
                _posted.Clear();
            }
        }
    }
}
