using System;
using System.Collections.Generic;
using Cortado.Training;
using UnityEditor;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    // What happens when the editor reloads its scripts, and when it quits.
    public sealed partial class EditorTraining
    {
        [NonSerialized] private List<BackgroundTask> _tasks;

        [InitializeOnLoadMethod]
        private static void Register()
        {
            // Processes that only import assets for the editor run this too; the training is not theirs.
            if (AssetDatabase.IsAssetImportWorkerProcess()) return;
            AssemblyReloadEvents.beforeAssemblyReload += () => instance.Interrupt(goesOn: true);
            EditorApplication.quitting += () => instance.Interrupt(goesOn: false);
            if (SessionState.GetBool(ContinueKey, false)) EditorApplication.delayCall += ContinueAfterReload;
        }

        // An editor that crashed left a training that neither ended nor was interrupted: it can go on from its last snapshot.
        private void OnEnable()
        {
            if (_job != null || !_stored.Exists || _stored.Suspended || _stored.State != TrainingState.Preparing) return;
            TrainingRequest request = _stored.Request;
            foreach (SnapshotEntry snapshot in SnapshotCatalog.Of(request.SnapshotPrefix))
            {
                if (!snapshot.Healthy || snapshot.Checkpoint == null) continue;
                _stored.Suspend(request with { Checkpoint = snapshot.Checkpoint }, paused: true);
                return;
            }
            _stored.End(TrainingState.Failed, "The editor ended while the training ran, before its first snapshot.", "");
        }

        /// <summary>Starts long work that ends, or is cancelled and waited for, before scripts go.</summary>
        internal BackgroundTask<T> Run<T>(Func<BackgroundTask, T> work)
        {
            _tasks = _tasks ?? new List<BackgroundTask>();
            _tasks.RemoveAll(task => task.IsDone);
            var started = new BackgroundTask<T>(work);
            _tasks.Add(started);
            return started;
        }

        private static void ContinueAfterReload()
        {
            SessionState.EraseBool(ContinueKey);
            EditorTraining training = instance;
            if (training._stored.Suspended) training.Continue(training._stored.Paused);
        }

        private void Continue(bool paused)
        {
            _stored.Continue();
            StartJob(_stored.Request, paused);
        }

        private void Interrupt(bool goesOn)
        {
            EndTasks();
            if (_job == null) return;
            bool paused = _job.State == TrainingState.Paused;
            TrainingRequest next = _job.IsActive ? _job.Suspend(PatienceWith(_job.Progress)) : null;
            bool ended = _job.Wait(TimeSpan.Zero);
            if (next != null)
            {
                _stored.Suspend(next, paused);
                SessionState.SetBool(ContinueKey, goesOn);
                if (!ended) Debug.LogWarning("Cortado: the training did not reach the end of its iteration in time; it goes on from its last checkpoint.");
            }
            else if (_stored.State == TrainingState.Preparing)
            {
                string curves = System.IO.Path.Combine(_job.Request.Folder, "curves");
                SaveCurves(curves);
                _stored.End(_job.State, _job.Problem, curves);
            }
            Save(true);
            _mirror?.Remove();
            _mirror = null;
            // A thread that still computes ends with the scripts' domain; waiting for it would hang the editor.
            if (ended) _job.Dispose();
            _job = null;
            EditorApplication.update -= Tick;
        }

        // A checkpoint of some hundred megabytes takes a second or two; before it the running iteration ends, and an editor that stands still for that long is less of a loss than all iterations since the
        // last snapshot.
        internal static TimeSpan PatienceWith(TrainingProgress progress)
        {
            double iteration = progress.IterationsPerSecond > 0 ? 1 / progress.IterationsPerSecond : 0;
            return TimeSpan.FromSeconds(Math.Min(Patience.TotalSeconds + 2 * iteration, MostPatience.TotalSeconds));
        }

        private void EndTasks()
        {
            if (_tasks == null) return;
            foreach (BackgroundTask task in _tasks) task.Cancel();
            DateTime end = DateTime.UtcNow + Patience;
            foreach (BackgroundTask task in _tasks) task.Wait(end > DateTime.UtcNow ? end - DateTime.UtcNow : TimeSpan.Zero);
            _tasks.Clear();
            if (_export != null) EndExport();
            if (_preparation == null) return;
            _preparation = null;
            _startProblem = "Scripts were recompiled while the training was prepared. Start it again.";
        }
    }
}
