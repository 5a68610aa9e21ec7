using System;
using System.Collections.Generic;
using System.Linq;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    public sealed partial class PlayerLoop
    {
        private readonly Dictionary<Object, Script> _scripts = new Dictionary<Object, Script>(ReferenceComparer.Instance);
        private readonly List<(Object Target, double At)> _dying = new List<(Object, double)>();
        private Script[] _ordered;

        /// <summary>Creates a component; its Awake waits for <see cref="Awaken"/>.</summary>
        internal Component Create(Type type)
        {
            if (!typeof(Component).IsAssignableFrom(type) || type.IsAbstract) throw new ArgumentException($"{type} is no component that can be added.");
            return (Component)Activator.CreateInstance(type, true);
        }

        /// <summary>Begins a script's life: Awake and OnEnable, if it is active.</summary>
        internal void Awaken(Object target)
        {
            if (!(target is MonoBehaviour || target is ScriptableObject)) return;
            if (!_scripts.ContainsKey(target))
            {
                _scripts.Add(target, new Script(target));
                _ordered = null;
            }
            Refresh(_scripts[target]);
        }

        internal void ActivationChanged(Object changed)
        {
            if (changed is GameObject gameObject) RefreshAll(gameObject);
            else if (_scripts.TryGetValue(changed, out Script script)) Refresh(script);
        }

        /// <summary>Whether a component is past its OnEnable; one that gets none at all has always begun.</summary>
        internal bool HasBegun(Behaviour behaviour) => !(behaviour is MonoBehaviour) || (_scripts.TryGetValue(behaviour, out Script script) && (script.Enabled || !RunsNow(script)));

        internal void DestroyLater(Object target, double delay) => _dying.Add((target, Time.Time + delay));

        internal void DestroyNow(Object target)
        {
            if (target.IsDestroyed) return;
            OnMainThread("Destroy");
            if (target is Transform)
            {
                Debug.LogError("Can't destroy Transform component. If you want to destroy the game object, please call 'Destroy' on the game object instead.");
                return;
            }
            if (target is GameObject gameObject)
            {
                foreach (Transform child in gameObject.transform.Children.ToArray()) DestroyNow(child.gameObject);
                Component[] components = gameObject.Components.ToArray();
                foreach (Component component in components) Disable(component);
                foreach (Component component in components) Finish(component);
                gameObject.transform.Detach();
            }
            else
            {
                Disable(target);
                (target as Component)?.Owner.Remove((Component)target);
            }
            Finish(target);
        }

        internal void Send(Object target, Message message)
        {
            if (_scripts.TryGetValue(target, out Script script) && script[message] != null) Guard(script[message], target);
        }

        private Script[] Ordered => _ordered ??= _scripts.Values.OrderBy(s => s.Order).ThenByDescending(s => s.Target.InstanceId).ToArray();

        private bool RunsNow(Script script) => IsPlaying || script.RunsInEditMode;

        private static bool IsActive(Object target) => target is Behaviour behaviour ? behaviour.IsMeantToRun : !target.IsDestroyed;

        private static bool CanAwake(Object target) => !(target is Component component) || component.Owner.activeInHierarchy;

        private void Refresh(Script script)
        {
            if (script.Target.IsDestroyed || !RunsNow(script) || IsPrefab(script.Target)) return;
            if (!script.Awoken && CanAwake(script.Target))
            {
                script.Awoken = true;
                Send(script.Target, Message.Awake);
            }
            if (script.Target.IsDestroyed) return;
            bool active = IsActive(script.Target);
            if (active == script.Enabled) return;
            script.Enabled = active;
            Send(script.Target, active ? Message.OnEnable : Message.OnDisable);
        }

        // A prefab is an asset: its scripts do not run.
        private static bool IsPrefab(Object target) => target is Component component && component.Owner.IsPersistent;

        private void RefreshAll(GameObject gameObject)
        {
            foreach (Component component in gameObject.Components.ToArray())
            {
                if (component is MonoBehaviour mono && !gameObject.activeInHierarchy) StopCoroutines(mono);
                if (_scripts.TryGetValue(component, out Script script)) Refresh(script);
            }
            foreach (Transform child in gameObject.transform.Children.ToArray()) RefreshAll(child.gameObject);
        }

        private void StartScripts()
        {
            // A Start may add scripts; those start in this frame too.
            for (bool more = true; more;)
            {
                more = false;
                foreach (Script script in Ordered)
                {
                    if (script.Started || !script.Enabled || !(script.Target is MonoBehaviour)) continue;
                    script.Started = true;
                    more = true;
                    Send(script.Target, Message.Start);
                }
            }
        }

        private void Run(Message message)
        {
            foreach (Script script in Ordered)
            {
                Action call = script[message];
                if (call == null || !script.Enabled || script.Target.IsDestroyed || !(script.Target is MonoBehaviour)) continue;
                if (!script.Started && message != Message.OnApplicationQuit) continue;
                Call(call, script);
            }
        }

        private void DestroyDue()
        {
            for (int i = 0; i < _dying.Count; i++)
            {
                if (_dying[i].At > Time.Time) continue;
                Object target = _dying[i].Target;
                _dying.RemoveAt(i--);
                DestroyNow(target);
            }
        }

        private void Disable(Object target)
        {
            if (!_scripts.TryGetValue(target, out Script script) || !script.Enabled) return;
            script.Enabled = false;
            Send(target, Message.OnDisable);
        }

        private void Finish(Object target)
        {
            if (target.IsDestroyed) return;
            Disable(target);
            if (target is MonoBehaviour mono)
            {
                mono.CancelOnDestroy();
                StopCoroutines(mono);
                CancelInvokes(mono);
            }
            if (_scripts.TryGetValue(target, out Script script))
            {
                if (script.Awoken) Send(target, Message.OnDestroy);
                _scripts.Remove(target);
                _ordered = null;
            }
            target.ReleaseNative();
            target.IsDestroyed = true;
            Forget(target);
        }

        private void DestroyScene()
        {
            foreach (Object target in Objects)
                if (target is GameObject gameObject && !gameObject.IsPersistent && !gameObject.IsDestroyed) Disable(gameObject);
            foreach (Script script in Ordered)
                if (script.Target is MonoBehaviour && !IsPrefab(script.Target)) Disable(script.Target);
            foreach (Object target in Objects)
                if (target is GameObject gameObject && !gameObject.IsPersistent && !gameObject.IsDestroyed && gameObject.transform.parent is null) DestroyNow(gameObject);
        }

        private void DestroyAll()
        {
            DestroyScene();
            foreach (Object target in Objects)
                if (!(target is Component)) Finish(target);
            foreach (Object target in Objects) Finish(target);
        }

        private sealed class ReferenceComparer : IEqualityComparer<Object>
        {
            public static readonly ReferenceComparer Instance = new ReferenceComparer();

            public bool Equals(Object x, Object y) => ReferenceEquals(x, y);

            public int GetHashCode(Object obj) => obj.InstanceId;
        }
    }
}
