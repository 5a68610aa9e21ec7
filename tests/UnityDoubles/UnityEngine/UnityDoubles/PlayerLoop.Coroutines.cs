using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using UnityEngine;

namespace UnityDoubles
{
    public sealed partial class PlayerLoop
    {
        private readonly List<Coroutine> _coroutines = new List<Coroutine>();
        private readonly List<Coroutine> _resuming = new List<Coroutine>();
        private readonly List<LaterCall> _invokes = new List<LaterCall>();

        private enum CoroutinePhase
        {
            Update,
            FixedUpdate,
            EndOfFrame,
        }

        internal Coroutine StartCoroutine(MonoBehaviour owner, IEnumerator routine)
        {
            OnMainThread("StartCoroutine");
            if (routine == null) throw new NullReferenceException("routine is null");
            if (!owner.gameObject.activeInHierarchy)
            {
                Debug.LogError($"Coroutine couldn't be started because the the game object '{owner.gameObject.name}' is inactive!");
                return null;
            }
            var started = new Coroutine { Owner = owner, Routine = routine };
            _coroutines.Add(started);
            Resume(started);
            return started;
        }

        internal void StopCoroutine(Coroutine routine)
        {
            if (routine == null) return;
            routine.Done = true;
            _coroutines.Remove(routine);
        }

        internal void StopCoroutines(MonoBehaviour owner)
        {
            for (int i = _coroutines.Count - 1; i >= 0; i--)
                if (ReferenceEquals(_coroutines[i].Owner, owner)) StopCoroutine(_coroutines[i]);
        }

        internal void InvokeLater(MonoBehaviour owner, string method, float delay, float repeat)
        {
            MethodInfo found = owner.GetType().GetMethod(method, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            if (found == null)
            {
                Debug.LogError($"Trying to Invoke method: {owner.GetType().Name}.{method} couldn't be called.");
                return;
            }
            _invokes.Add(new LaterCall { Owner = owner, Call = (Action)found.CreateDelegate(typeof(Action), owner), At = Time.Time + delay, Repeat = repeat });
        }

        internal void CancelInvokes(MonoBehaviour owner) => _invokes.RemoveAll(i => ReferenceEquals(i.Owner, owner));

        private void RunInvokes()
        {
            if (_invokes.Count == 0) return;
            foreach (LaterCall due in _invokes.ToArray())
            {
                if (due.At > Time.Time || !_invokes.Contains(due)) continue;
                if (due.Repeat > 0) due.At += due.Repeat;
                else _invokes.Remove(due);
                Guard(due.Call, due.Owner);
            }
        }

        private void ResumeCoroutines(CoroutinePhase phase)
        {
            if (_coroutines.Count == 0) return;
            _resuming.Clear();
            _resuming.AddRange(_coroutines);
            foreach (Coroutine coroutine in _resuming)
                if (!coroutine.Done && IsDue(coroutine, phase)) Resume(coroutine);
        }

        private bool IsDue(Coroutine coroutine, CoroutinePhase phase)
        {
            switch (coroutine.Waiting)
            {
                case WaitForEndOfFrame _: return phase == CoroutinePhase.EndOfFrame;
                case WaitForFixedUpdate _: return phase == CoroutinePhase.FixedUpdate;
                case WaitForSeconds _: return phase == CoroutinePhase.Update && Time.Time >= coroutine.ResumeAt;
                case Coroutine inner: return phase == CoroutinePhase.Update && inner.Done;
                case CustomYieldInstruction custom: return phase == CoroutinePhase.Update && !custom.keepWaiting;
                default: return phase == CoroutinePhase.Update;
            }
        }

        private void Resume(Coroutine coroutine)
        {
            bool more;
            try
            {
                more = coroutine.Routine.MoveNext();
            }
            catch (Exception error)
            {
                Logger.LogException(error, coroutine.Owner);
                more = false;
            }
            if (coroutine.Done) return;
            if (!more)
            {
                StopCoroutine(coroutine);
                return;
            }
            object waiting = coroutine.Routine.Current;
            if (waiting is IEnumerator nested && !(waiting is CustomYieldInstruction)) waiting = StartCoroutine(coroutine.Owner, nested);
            coroutine.Waiting = waiting;
            if (waiting is WaitForSeconds wait) coroutine.ResumeAt = Time.Time + wait.Seconds;
        }

        private sealed class LaterCall
        {
            public MonoBehaviour Owner;
            public Action Call;
            public double At;
            public float Repeat;
        }
    }
}
