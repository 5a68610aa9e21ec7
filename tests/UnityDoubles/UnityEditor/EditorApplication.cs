using System;
using System.Linq;
using System.Reflection;
using UnityDoubles;

namespace UnityEditor
{
    public enum PlayModeStateChange
    {
        EnteredEditMode,
        ExitingEditMode,
        EnteredPlayMode,
        ExitingPlayMode,
    }

    public sealed class EditorApplication
    {
        public delegate void CallbackFunction();

        // These two are fields in the engine: scripts add to them and take away.
        public static CallbackFunction update
        {
            get => EditorSession.Current.Update;
            set => EditorSession.Current.Update = value;
        }

        public static CallbackFunction delayCall
        {
            get => EditorSession.Current.DelayCall;
            set => EditorSession.Current.DelayCall = value;
        }

        public static event Action<PlayModeStateChange> playModeStateChanged
        {
            add => EditorSession.Current.PlayModeStateChanged += value;
            remove => EditorSession.Current.PlayModeStateChanged -= value;
        }

        public static event Action quitting
        {
            add => EditorSession.Current.Quitting += value;
            remove => EditorSession.Current.Quitting -= value;
        }

        public static event Action projectChanged
        {
            add => EditorSession.Current.ProjectChanged += value;
            remove => EditorSession.Current.ProjectChanged -= value;
        }

        public static bool isPlaying
        {
            get => PlayerLoop.Current.IsPlaying;
            set
            {
                if (value) PlayerLoop.Current.EnterPlayMode();
                else PlayerLoop.Current.ExitPlayMode();
            }
        }

        public static bool isPlayingOrWillChangePlaymode => PlayerLoop.Current.IsPlaying;

        public static bool isCompiling => false;

        /// <summary>By the test's clock: each tick takes as long as it says.</summary>
        public static double timeSinceStartup => PlayerLoop.Current.Time.UnscaledTime;

        public static void LockReloadAssemblies() => EditorSession.Current.ReloadLocks++;

        public static void UnlockReloadAssemblies() => EditorSession.Current.ReloadLocks--;

        public static void QueuePlayerLoopUpdate()
        {
        }

        /// <summary>Runs a menu item; false where there is none of that path.</summary>
        public static bool ExecuteMenuItem(string menuItemPath)
        {
            MethodInfo method = EditorSession.StaticMethods(typeof(MenuItem)).FirstOrDefault(candidate =>
                candidate.GetCustomAttributes<MenuItem>().Any(item => !item.validate && item.menuItem == menuItemPath));
            method?.Invoke(null, null);
            return method != null;
        }
    }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload
        {
            add => EditorSession.Current.BeforeReload += value;
            remove => EditorSession.Current.BeforeReload -= value;
        }

        public static event AssemblyReloadCallback afterAssemblyReload
        {
            add => EditorSession.Current.AfterReload += value;
            remove => EditorSession.Current.AfterReload -= value;
        }
    }
}
