using System;
using System.Linq;
using System.Reflection;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    // What the editor does to scripts: play mode and domain reload. The double of UnityEditor listens and raises its own events.
    public sealed partial class PlayerLoop
    {
        /// <summary>A tick of the editor.</summary>
        public event Action EditorUpdating;

        /// <summary>The domain is about to go: static state and native callbacks must be gone when this returns.</summary>
        public event Action ReloadBeginning;

        /// <summary>The new domain is there, scripts are not enabled yet: what [InitializeOnLoadMethod] runs at.</summary>
        public event Action DomainLoaded;

        /// <summary>The reload is complete.</summary>
        public event Action ReloadEnded;

        /// <summary>Play mode changes: the four states of UnityEditor.PlayModeStateChange in their order (EnteredEditMode 0, ExitingEditMode 1, EnteredPlayMode 2, ExitingPlayMode 3).</summary>
        public event Action<int> PlayModeChanged;

        /// <summary>Begins to play from edit mode.</summary>
        /// <param name="reloadDomain">Whether the domain is reloaded on the way, as the editor does unless told otherwise.</param>
        public void EnterPlayMode(bool reloadDomain = true)
        {
            OnMainThread("EnterPlayMode");
            if (IsPlaying) return;
            PlayModeChanged?.Invoke(1);
            foreach (Script script in Ordered) if (script.Target is MonoBehaviour) Disable(script.Target);
            if (reloadDomain) ReloadDomain();
            IsPlaying = true;
            foreach (Script script in Ordered) if (script.Target is MonoBehaviour) script.Awoken = script.Started = false;
            foreach (Script script in Ordered) Refresh(script);
            PlayModeChanged?.Invoke(2);
        }

        /// <summary>Stops playing: the scene's objects are disabled and destroyed.</summary>
        public void ExitPlayMode()
        {
            OnMainThread("ExitPlayMode");
            if (!IsPlaying) return;
            PlayModeChanged?.Invoke(3);
            Run(Message.OnApplicationQuit);
            Raise(Quitting);
            DestroyScene();
            IsPlaying = false;
            PlayModeChanged?.Invoke(0);
        }

        /// <summary>
        /// Reloads the domain, as after a recompilation: scripts are disabled, lose every field that is not serialized, and are enabled again.
        /// </summary>
        public void ReloadDomain()
        {
            OnMainThread("ReloadDomain");
            Raise(ReloadBeginning);
            Script[] enabled = Ordered.Where(s => s.Enabled).ToArray();
            foreach (Script script in enabled) Disable(script.Target);
            StopEverything();
            foreach (Script script in Ordered) Serialization.Reload(script.Target);
            Raise(DomainLoaded);
            foreach (Script script in Ordered) Refresh(script);
            Raise(ReloadEnded);
        }

        private void StopEverything()
        {
            foreach (Coroutine coroutine in _coroutines) coroutine.Done = true;
            _coroutines.Clear();
            _invokes.Clear();
            _context.Clear();
            Gpu.ForgetCallbacks();
        }
    }
}
