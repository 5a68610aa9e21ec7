using System;

namespace UnityEngine
{
    public class AsyncOperation : YieldInstruction
    {
        public bool isDone => true;

        public float progress => 1;

        public event Action<AsyncOperation> completed
        {
            add => value(this);
            remove { }
        }
    }
}
