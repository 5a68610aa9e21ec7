using System.Collections;
using System.Threading;

namespace UnityEngine
{
    public class MonoBehaviour : Behaviour
    {
        private readonly CancellationTokenSource _destroyed = new CancellationTokenSource();

        public bool useGUILayout { get; set; } = true;

        /// <summary>Raised when the object is destroyed (since Unity 2022.2).</summary>
        public CancellationToken destroyCancellationToken => _destroyed.Token;

        public Coroutine StartCoroutine(IEnumerator routine) => World.StartCoroutine(this, routine);

        public void StopCoroutine(Coroutine routine) => World.StopCoroutine(routine);

        public void StopAllCoroutines() => World.StopCoroutines(this);

        public void Invoke(string methodName, float time) => World.InvokeLater(this, methodName, time, 0);

        public void InvokeRepeating(string methodName, float time, float repeatRate) => World.InvokeLater(this, methodName, time, repeatRate);

        public void CancelInvoke() => World.CancelInvokes(this);

        public static void print(object message) => Debug.Log(message);

        internal void CancelOnDestroy() => _destroyed.Cancel();
    }
}
