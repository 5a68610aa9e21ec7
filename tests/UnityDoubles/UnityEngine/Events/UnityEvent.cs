using System;

namespace UnityEngine.Events
{
    [Serializable]
    public class UnityEvent : UnityEventBase
    {
        public void AddListener(UnityAction call) => Add(call);

        public void RemoveListener(UnityAction call) => Remove(call);

        public void Invoke()
        {
            Delegate[] calls = Prepare(out int count);
            for (int i = 0; i < count; i++) ((UnityAction)calls[i])();
        }
    }
}
