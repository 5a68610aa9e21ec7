using System;
using System.Collections.Generic;

namespace UnityEngine.UIElements
{
    public abstract class CallbackEventHandler : IEventHandler
    {
        private readonly List<(Type Type, Delegate Callback, bool Down)> _callbacks = new List<(Type, Delegate, bool)>();

        public void RegisterCallback<TEventType>(EventCallback<TEventType> callback, TrickleDown useTrickleDown = TrickleDown.NoTrickleDown) where TEventType : EventBase<TEventType>, new()
        {
            var entry = (typeof(TEventType), (Delegate)callback, useTrickleDown == TrickleDown.TrickleDown);
            if (!_callbacks.Contains(entry)) _callbacks.Add(entry);
        }

        public void UnregisterCallback<TEventType>(EventCallback<TEventType> callback, TrickleDown useTrickleDown = TrickleDown.NoTrickleDown) where TEventType : EventBase<TEventType>, new() =>
            _callbacks.Remove((typeof(TEventType), callback, useTrickleDown == TrickleDown.TrickleDown));

        public abstract void SendEvent(EventBase e);

        public virtual void HandleEvent(EventBase evt)
        {
            Call(evt, true);
            Call(evt, false);
        }

        internal bool Listens(Type type) => _callbacks.Exists(entry => entry.Type == type);

        internal void Call(EventBase evt, bool down)
        {
            evt.currentTarget = this;
            foreach ((Type type, Delegate callback, bool trickles) in _callbacks.ToArray())
            {
                if (type != evt.GetType() || trickles != down) continue;
                try
                {
                    callback.DynamicInvoke(evt);
                }
                catch (System.Reflection.TargetInvocationException error)
                {
                    Debug.LogException(error.InnerException);
                }
            }
        }
    }

    public abstract class Focusable : CallbackEventHandler
    {
        public bool focusable { get; set; }

        public int tabIndex { get; set; }

        public void Focus()
        {
        }
    }
}
