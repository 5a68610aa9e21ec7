using System;
using System.Collections.Generic;
using System.Threading;
using UnityEngine;
using UnityEngine.SceneManagement;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>
    /// The engine of one test: its objects, clock, log, graphics device, and the loop that the test drives frame by frame. The engine's static API
    /// reaches the loop that was made last in this flow of execution, so tests may run side by side.
    /// </summary>
    /// <remarks>
    /// A frame goes as Unity documents its order of execution: finished readbacks, Start, FixedUpdate, Update, coroutines, what was posted to the main thread's
    /// synchronization context, LateUpdate, cameras, OnGUI for layout and for events, coroutines that wait for the end of the frame, and objects that were to be destroyed.
    /// </remarks>
    public sealed partial class PlayerLoop : IDisposable
    {
        private static readonly AsyncLocal<PlayerLoop> Flow = new AsyncLocal<PlayerLoop>();

        private readonly Thread _mainThread = Thread.CurrentThread;
        private readonly MainThreadContext _context = new MainThreadContext();
        private readonly SynchronizationContext _outerContext = SynchronizationContext.Current;
        private readonly List<Object> _objects = new List<Object>();
        private readonly object _objectsLock = new object();
        private Object[] _snapshot;
        private int _lastId;
        private bool _disposed;

        /// <summary>Starts an engine on this thread, which becomes its main thread.</summary>
        /// <param name="playing">Whether it plays; else it is an editor in edit mode.</param>
        /// <param name="editor">Whether it is the editor and not a player.</param>
        public PlayerLoop(bool playing = true, bool editor = true)
        {
            IsPlaying = playing;
            IsEditor = editor;
            Log = new LogCapture(this);
            Logger = new Logger(Log);
            Gpu = new GraphicsDevice(this);
            ProjectFolder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "unity-doubles");
            SynchronizationContext.SetSynchronizationContext(_context);
            Flow.Value = this;
        }

        /// <summary>The engine of this flow of execution.</summary>
        public static PlayerLoop Current => Flow.Value ?? throw new InvalidOperationException("There is no engine here: make a UnityDoubles.PlayerLoop first.");

        /// <summary>Whether there is an engine in this flow of execution.</summary>
        public static bool Exists => Flow.Value != null;

        /// <summary>What Application.quitting raises.</summary>
        public event Action Quitting;

        internal event Application.LogCallback LogReceived;

        /// <summary>Whether the game plays.</summary>
        public bool IsPlaying { get; internal set; }

        /// <summary>Whether this is the editor.</summary>
        public bool IsEditor { get; }

        /// <summary>The clock.</summary>
        public FrameTime Time { get; } = new FrameTime();

        /// <summary>What was logged.</summary>
        public LogCapture Log { get; }

        /// <summary>What Debug.unityLogger gives.</summary>
        public Logger Logger { get; }

        /// <summary>The graphics device.</summary>
        public GraphicsDevice Gpu { get; }

        /// <summary>The folder that dataPath and the like lie in.</summary>
        public string ProjectFolder { get; set; }

        /// <summary>Bytes that scripts and posted work allocated on the main thread in the last frame, as the runtime counts them.</summary>
        public long AllocatedInFrame { get; private set; }

        /// <summary>Counts bytes allocated by this thread; null where the test does not want to know (netstandard2.1 has no such counter).</summary>
        public Func<long> AllocationCounter { get; set; }

        /// <summary>What OnGUI draws.</summary>
        public ImmediateGui Gui { get; } = new ImmediateGui();

        internal AmbientSettings Ambient { get; } = new AmbientSettings();

        internal Dictionary<string, object> Preferences { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

        internal System.Random Random { get; set; } = new System.Random(1);

        internal int TargetFrameRate { get; set; } = -1;

        internal Scene ActiveScene => new Scene { World = this, name = "Scene", path = "Assets/Scene.unity" };

        /// <summary>All live objects, oldest first.</summary>
        public IReadOnlyList<Object> Objects => Snapshot;

        internal Object[] Snapshot
        {
            get
            {
                lock (_objectsLock)
                {
                    return _snapshot ??= _objects.ToArray();
                }
            }
        }

        /// <summary>Plays one frame.</summary>
        public void Frame()
        {
            OnMainThread("Frame");
            if (!IsPlaying) throw new InvalidOperationException("The game does not play: call EnterPlayMode, or EditorTick for a tick of the editor.");
            long before = AllocationCounter?.Invoke() ?? 0;
            BeginAccount();
            Time.Advance();
            Gpu.FinishReadbacks();
            StartScripts();
            while (Time.NextFixedStep())
            {
                Run(Message.FixedUpdate);
                ResumeCoroutines(CoroutinePhase.FixedUpdate);
            }
            Run(Message.Update);
            RunInvokes();
            ResumeCoroutines(CoroutinePhase.Update);
            _context.Run();
            Run(Message.LateUpdate);
            Gpu.RenderCameras();
            RunGui(hears: false);
            RunGui(hears: true);
            ResumeCoroutines(CoroutinePhase.EndOfFrame);
            DestroyDue();
            Gpu.DropShownReadbacks();
            AllocatedInFrame = (AllocationCounter?.Invoke() ?? 0) - before;
            // The editor goes on while the game plays.
            if (IsEditor) EditorUpdating?.Invoke();
        }

        /// <summary>Plays several frames.</summary>
        public void Frames(int count)
        {
            for (int i = 0; i < count; i++) Frame();
        }

        /// <summary>Plays frames until something has happened, giving other threads time between them.</summary>
        /// <param name="done">Whether it has.</param>
        /// <param name="seconds">How long to wait at most, by the real clock.</param>
        /// <returns>Whether it happened in time.</returns>
        public bool RunUntil(Func<bool> done, double seconds = 30)
        {
            long end = System.Diagnostics.Stopwatch.GetTimestamp() + (long)(seconds * System.Diagnostics.Stopwatch.Frequency);
            while (!done())
            {
                if (System.Diagnostics.Stopwatch.GetTimestamp() > end) return false;
                if (IsPlaying) Frame();
                else EditorTick();
                Thread.Sleep(1);
            }
            return true;
        }

        /// <summary>One tick of the editor in edit mode: finished readbacks, posted work, and what the editor's double does in a tick.</summary>
        public void EditorTick()
        {
            OnMainThread("EditorTick");
            Time.Advance();
            Gpu.FinishReadbacks();
            EditorUpdating?.Invoke();
            _context.Run();
            Gpu.DropShownReadbacks();
        }

        /// <summary>Quits the game: OnApplicationQuit, Application.quitting, then every script is disabled and destroyed.</summary>
        public void Quit()
        {
            OnMainThread("Quit");
            if (!IsPlaying) return;
            Run(Message.OnApplicationQuit);
            Raise(Quitting);
            DestroyScene();
            IsPlaying = false;
        }

        /// <summary>Destroys what is left and gives the thread its own context back.</summary>
        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            if (IsPlaying) Quit();
            DestroyAll();
            Gpu.Dispose();
            SynchronizationContext.SetSynchronizationContext(_outerContext);
            if (Flow.Value == this) Flow.Value = null;
        }

        internal PlayerLoop OnMainThread(string what)
        {
            if (Thread.CurrentThread != _mainThread)
                throw new UnityException($"{what} can only be called from the main thread.\nConstructors and field initializers will be executed from the loading thread when loading a scene.\nDon't use this function in the constructor or field initializers, instead move initialization code to the Awake or Start function.");
            return this;
        }

        internal int Register(Object made)
        {
            OnMainThread("An object's constructor");
            lock (_objectsLock)
            {
                _objects.Add(made);
                _snapshot = null;
                return --_lastId;
            }
        }

        private void RunGui(bool hears)
        {
            Gui.Begin(hears);
            Run(Message.OnGUI);
            Gui.End();
        }

        internal void RaiseLog(string message, LogType type) => LogReceived?.Invoke(message, "", type);

        internal void Raise(Action handlers)
        {
            if (handlers == null) return;
            foreach (Action handler in handlers.GetInvocationList()) Guard(handler, null);
        }

        internal void Guard(Action call, Object context)
        {
            try
            {
                call();
            }
            catch (Exception error)
            {
                Logger.LogException(error, context);
            }
        }

        /// <summary>Takes back an object that was made only to be looked at.</summary>
        internal void Abandon(Object made)
        {
            made.ReleaseNative();
            Forget(made);
        }

        private void Forget(Object gone)
        {
            lock (_objectsLock)
            {
                _objects.Remove(gone);
                _snapshot = null;
            }
        }
    }
}
