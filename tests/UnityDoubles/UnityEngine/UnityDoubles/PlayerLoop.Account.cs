using System;
using System.Collections.Generic;

namespace UnityDoubles
{
    // What each kind of script cost the main thread in the last frame.
    public sealed partial class PlayerLoop
    {
        private readonly Dictionary<Type, long> _spent = new Dictionary<Type, long>();
        private long _onDevice;

        /// <summary>
        /// Measures the main thread, in units of the test's choice; null where nobody wants to know. A clock that counts only what this thread computes is not
        /// disturbed by what else the machine does.
        /// </summary>
        public Func<long> MainThreadClock { get; set; }

        /// <summary>What callbacks of readbacks cost in the last frame, by <see cref="MainThreadClock"/>, whoever asked for them.</summary>
        public long SpentOnReadbacks { get; private set; }

        /// <summary>What the messages of scripts of a class cost in the last frame, by <see cref="MainThreadClock"/>. What a graphics device would do, and is computed here in its place, is not in it.</summary>
        public long SpentInFrame(Type script) => _spent.TryGetValue(script, out long spent) ? spent : 0;

        /// <summary>Work of the graphics device begins: drawing, copying.</summary>
        internal long BeginDeviceWork() => MainThreadClock?.Invoke() ?? 0;

        internal void EndDeviceWork(long begun)
        {
            if (MainThreadClock != null) _onDevice += MainThreadClock() - begun;
        }

        internal void CallBack(Action<UnityEngine.Rendering.AsyncGPUReadbackRequest> callback, UnityEngine.Rendering.AsyncGPUReadbackRequest request)
        {
            (long begun, long device) = (MainThreadClock?.Invoke() ?? 0, _onDevice);
            callback(request);
            if (MainThreadClock != null) SpentOnReadbacks += MainThreadClock() - begun - (_onDevice - device);
        }

        private void Call(Action call, Script script)
        {
            (long begun, long device) = (MainThreadClock?.Invoke() ?? 0, _onDevice);
            Guard(call, script.Target);
            if (MainThreadClock == null) return;
            Type type = script.Target.GetType();
            _spent[type] = SpentInFrame(type) + MainThreadClock() - begun - (_onDevice - device);
        }

        private void BeginAccount()
        {
            _spent.Clear();
            SpentOnReadbacks = 0;
        }
    }
}
