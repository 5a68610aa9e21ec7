using System;

namespace UnityEngine.Events
{
    [Serializable]
    public class UnityEvent<T0> : UnityEventBase
    {
        public void AddListener(UnityAction<T0> call) => Add(call);

        public void RemoveListener(UnityAction<T0> call) => Remove(call);

        public void Invoke(T0 arg0)
        {
            Delegate[] calls = Prepare(out int count);
            for (int i = 0; i < count; i++) ((UnityAction<T0>)calls[i])(arg0);
        }
    }
}
