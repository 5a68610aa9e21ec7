using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using UnityEditor;
using UnityEngine;

namespace UnityDoubles
{
    /// <summary>
    /// The editor around an engine: its events, windows, assets, progress list, preferences, and what a person answers in its dialogs. There is one for each
    /// <see cref="PlayerLoop"/>; the first use of the editor's API makes it.
    /// </summary>
    public sealed partial class EditorSession
    {
        private static readonly ConditionalWeakTable<PlayerLoop, EditorSession> Sessions = new ConditionalWeakTable<PlayerLoop, EditorSession>();

        private static readonly Lazy<Assembly[]> Scripts = new Lazy<Assembly[]>(FindScripts);

        private bool _ticking;

        private EditorSession(PlayerLoop loop)
        {
            Loop = loop;
            Assets = new AssetStore(this);
            loop.EditorUpdating += Tick;
            loop.ReloadBeginning += BeginReload;
            loop.DomainLoaded += LoadDomain;
            loop.ReloadEnded += EndReload;
            loop.PlayModeChanged += state => PlayModeStateChanged?.Invoke((PlayModeStateChange)state);
        }

        /// <summary>The editor of this flow of execution.</summary>
        public static EditorSession Current => Of(PlayerLoop.Current);

        /// <summary>The engine that it runs in.</summary>
        public PlayerLoop Loop { get; }

        /// <summary>The project's files and what was imported from them.</summary>
        public AssetStore Assets { get; }

        /// <summary>Open windows, oldest first.</summary>
        public List<EditorWindow> Windows { get; } = new List<EditorWindow>();

        /// <summary>Items of the progress list, finished ones included until they are removed.</summary>
        public List<ProgressItem> ProgressItems { get; } = new List<ProgressItem>();

        /// <summary>What a person answers in a dialog: true for ok.</summary>
        public Func<string, string, bool> AnswerDialog { get; set; } = (title, message) => true;

        /// <summary>What a person chooses in a file or folder panel: a path, or "" to cancel.</summary>
        public Func<string, string> AnswerPanel { get; set; } = title => "";

        /// <summary>Whether the editor's theme is the dark one.</summary>
        public bool IsDark { get; set; } = true;

        /// <summary>Files that were opened in the person's text editor, and at which line.</summary>
        public List<(string Path, int Line)> Opened { get; } = new List<(string, int)>();

        /// <summary>Whether this is one of the processes that import assets for an editor.</summary>
        public bool IsImportWorker { get; set; }

        /// <summary>Whether something holds up reloads of the domain.</summary>
        public int ReloadLocks { get; internal set; }

        internal EditorApplication.CallbackFunction Update, DelayCall;
        internal Action<PlayModeStateChange> PlayModeStateChanged;
        internal Action Quitting, ProjectChanged;
        internal AssemblyReloadEvents.AssemblyReloadCallback BeforeReload, AfterReload;

        internal Dictionary<string, object> SessionValues { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

        internal Dictionary<string, object> Preferences { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

        internal Dictionary<Type, ScriptableObject> Singletons { get; } = new Dictionary<Type, ScriptableObject>();

        internal UnityEngine.Object[] Selection { get; set; } = Array.Empty<UnityEngine.Object>();

        /// <summary>The editor of an engine.</summary>
        public static EditorSession Of(PlayerLoop loop) => Sessions.GetValue(loop, made => new EditorSession(made));

        /// <summary>Starts the editor on a project: assets are imported, [InitializeOnLoad] and [InitializeOnLoadMethod] run.</summary>
        /// <param name="loop">The engine, in edit mode.</param>
        /// <param name="projectFolder">The project's folder; Assets in it is made where it is missing.</param>
        public static EditorSession Open(PlayerLoop loop, string projectFolder)
        {
            EditorSession session = Of(loop);
            loop.ProjectFolder = projectFolder;
            System.IO.Directory.CreateDirectory(System.IO.Path.Combine(projectFolder, "Assets"));
            session.LoadDomain();
            session.Assets.Refresh();
            return session;
        }

        /// <summary>Quits the editor: EditorApplication.quitting, then windows close.</summary>
        public void Quit()
        {
            Loop.Raise(Quitting);
            foreach (EditorWindow window in Windows.ToArray()) window.Close();
            Loop.Dispose();
        }

        internal void Tick()
        {
            if (_ticking) return;
            _ticking = true;
            try
            {
                EditorApplication.CallbackFunction delayed = DelayCall;
                DelayCall = null;
                Invoke(delayed);
                Invoke(Update);
                foreach (EditorWindow window in Windows.ToArray()) Loop.Guard(window.Tick, window);
                foreach (Inspection inspection in Inspections.ToArray()) Loop.Guard(inspection.Root.TickPanel, inspection.Editor);
            }
            finally
            {
                _ticking = false;
            }
        }

        internal void Invoke(Delegate handlers)
        {
            if (handlers == null) return;
            foreach (Delegate handler in handlers.GetInvocationList()) Loop.Guard(() => ((EditorApplication.CallbackFunction)handler)(), null);
        }

        internal static IEnumerable<Type> ScriptTypes()
        {
            foreach (Assembly assembly in Scripts.Value)
                foreach (Type type in assembly.GetTypes()) yield return type;
        }

        // The engine has all scripts loaded; the runtime here loads an assembly when something in it is first used.
        private static Assembly[] FindScripts()
        {
            var found = new List<Assembly>();
            foreach (string file in System.IO.Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
            {
                string name = System.IO.Path.GetFileNameWithoutExtension(file);
                if (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("xunit", StringComparison.OrdinalIgnoreCase)) continue;
                try
                {
                    Assembly assembly = Assembly.Load(AssemblyName.GetAssemblyName(file));
                    if (assembly.GetReferencedAssemblies().Any(reference => reference.Name == "UnityEditor")) found.Add(assembly);
                }
                catch (Exception error) when (error is BadImageFormatException || error is System.IO.IOException)
                {
                    // A native library, or an assembly of another kind of program: no scripts.
                }
            }
            return found.ToArray();
        }

        internal static IEnumerable<MethodInfo> StaticMethods(Type attribute) =>
            ScriptTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)).Where(method => method.IsDefined(attribute));

        private void BeginReload()
        {
            if (ReloadLocks > 0) throw new InvalidOperationException("EditorApplication.LockReloadAssemblies holds the reload up.");
            foreach (Delegate handler in BeforeReload?.GetInvocationList() ?? Array.Empty<Delegate>())
                Loop.Guard(() => ((AssemblyReloadEvents.AssemblyReloadCallback)handler)(), null);
        }

        // Every handler was code of the old domain.
        private void LoadDomain()
        {
            Update = DelayCall = null;
            PlayModeStateChanged = null;
            Quitting = ProjectChanged = null;
            BeforeReload = AfterReload = null;
            foreach (ProgressItem item in ProgressItems) item.DomainGone();
            foreach (EditorWindow window in Windows) window.DropTree();
            foreach (MethodInfo method in StaticMethods(typeof(InitializeOnLoadMethodAttribute))) Loop.Guard(() => method.Invoke(null, null), null);
            foreach (Type type in ScriptTypes())
                if (type.IsDefined(typeof(InitializeOnLoadAttribute), false)) RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        private void EndReload()
        {
            foreach (EditorWindow window in Windows.ToArray()) window.Build();
            foreach (Delegate handler in AfterReload?.GetInvocationList() ?? Array.Empty<Delegate>())
                Loop.Guard(() => ((AssemblyReloadEvents.AssemblyReloadCallback)handler)(), null);
        }
    }
}
