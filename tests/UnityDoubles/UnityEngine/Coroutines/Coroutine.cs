using System.Collections;

namespace UnityEngine
{
    public sealed class Coroutine : YieldInstruction
    {
        internal MonoBehaviour Owner;
        internal IEnumerator Routine;
        internal object Waiting;
        internal double ResumeAt;
        internal Coroutine Outer;
        internal bool Done;

        internal Coroutine()
        {
        }
    }
}
