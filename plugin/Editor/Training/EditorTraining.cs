using System;
using System.Collections.Generic;
using System.IO;
using Cortado.Diagnostics;
using Cortado.Lmdb;
using Cortado.Training;
using UnityEditor;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>
    /// The editor's training: there is one at a time, and no window need be open for it. It runs in the background, stays over a recompilation of scripts (it writes a checkpoint before, and
    /// goes on from it bit for bit), over changes of play mode, and, paused, over a restart of the editor. Scripts may start and watch it here as the window does. Main thread only.
    /// </summary>
    [FilePath("UserSettings/CortadoTraining.asset", FilePathAttribute.Location.ProjectFolder)]
    public sealed partial class EditorTraining : ScriptableSingleton<EditorTraining>
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), MostPatience = TimeSpan.FromMinutes(1);

        private const string ContinueKey = "Cortado.Training.Continue";

        [SerializeField] private TrainingChoices _choices = new TrainingChoices();
        [SerializeField] private StoredTraining _stored = new StoredTraining();
        [SerializeField] private string _startProblem = "";

        [NonSerialized] private TrainingJob _job;
        [NonSerialized] private ProgressMirror _mirror;
        [NonSerialized] private TrainingHistory _endedHistory;
        [NonSerialized] private BackgroundTask<PreparedTraining> _preparation;

        /// <summary>What is chosen for the next training.</summary>
        public TrainingChoices Choices => _choices;

        /// <summary>Where the training stands; Created where there is none.</summary>
        public TrainingState State =>
            _preparation != null ? TrainingState.Preparing
            : _startProblem.Length > 0 ? TrainingState.Failed
            : _job != null ? _job.State
            : !_stored.Exists ? TrainingState.Created
            : _stored.Suspended ? TrainingState.Paused
            : _stored.State;

        /// <summary>Whether a training works, or waits to go on.</summary>
        public bool IsActive => State == TrainingState.Preparing || State == TrainingState.Running || State == TrainingState.Paused;

        /// <summary>How far it is.</summary>
        public TrainingProgress Progress => _job?.Progress ?? default;

        /// <summary>The share of the device's preparation that is done, from 0 to 1; 0 where there is nothing to prepare.</summary>
        public double PreparedShare => _job?.PreparedShare ?? 0;

        /// <summary>Its curves.</summary>
        public TrainingHistory History => _job?.History ?? (_endedHistory ??= LoadCurves());

        /// <summary>What went wrong while it trained.</summary>
        public IReadOnlyList<Finding> Findings => _job?.Findings ?? Array.Empty<Finding>();

        /// <summary>Why it ended or did not start, for people; empty where nothing is wrong.</summary>
        public string Problem => _startProblem.Length > 0 ? _startProblem : _job?.Problem ?? _stored.Problem;

        /// <summary>What computes and why; empty before it is known.</summary>
        public string DeviceReason => _job?.DeviceReason ?? "";

        /// <summary>The key of what tries snapshots: what is chosen, or what an automatic choice came to when it trained last; the CPU while a training works.</summary>
        internal string TrialDevice => IsActive ? "cpu" : _choices.Device != "auto" ? _choices.Device : _job?.Device ?? "cpu";

        /// <summary>Its snapshots, the latest first.</summary>
        public IReadOnlyList<SnapshotEntry> Snapshots => _stored.Exists ? SnapshotCatalog.Of(_stored.Request.SnapshotPrefix) : Array.Empty<SnapshotEntry>();

        /// <summary>The solver prototxt of the training; empty where there is none.</summary>
        public string Solver => _stored.Exists ? _stored.Request.Solver : "";

        /// <summary>The file with the classes' names; empty where they are not known.</summary>
        public string Labels => _stored.Exists ? _stored.Labels : "";

        /// <summary>The folder of all trainings, beside Assets: it is not imported.</summary>
        internal static string Root => Path.Combine(Path.GetDirectoryName(Application.dataPath), "Trainings");

        internal string PlanFolder => Path.Combine(Root, SafeName(_choices.EffectiveName));

        /// <summary>Prepares the files of what is chosen and trains, all in the background. <see cref="State"/> and <see cref="Problem"/> tell what becomes of it.</summary>
        /// <exception cref="InvalidOperationException">A training is active.</exception>
        public void StartTraining()
        {
            if (IsActive) throw new InvalidOperationException("A training is active; stop it first.");
            DropJob();
            _startProblem = "";
            TrainingPlan plan = _choices.Plan(PlanFolder);
            _preparation = Run<PreparedTraining>(task => plan.Prepare(new LmdbProvider(), task.Token));
            Save(true);
            Watch();
        }

        /// <summary>Lets it wait after the running iteration.</summary>
        public void Pause() => _job?.Pause();

        /// <summary>Lets it go on, after a restart of the editor too.</summary>
        public void Resume()
        {
            if (_job == null && _stored.Suspended) Continue(paused: false);
            else _job?.Resume();
        }

        /// <summary>Ends it after the running iteration; a snapshot is written.</summary>
        public void Stop()
        {
            _preparation?.Cancel();
            _job?.Stop();
            if (_job != null || !_stored.Suspended) return;
            _stored.End(TrainingState.Stopped, "", _stored.Curves);
            Save(true);
        }

        /// <summary>Writes a snapshot after the running iteration.</summary>
        public void RequestSnapshot() => _job?.RequestSnapshot();

        private void Begin(PreparedTraining prepared)
        {
            string folder = PlanFolder;
            int run = 1;
            while (Directory.Exists(Path.Combine(folder, "run" + run))) run++;
            var request = new TrainingRequest(prepared.Solver, Path.Combine(folder, "run" + run))
            {
                Device = _choices.Device,
                BatchSize = _choices.BatchSize > 0 ? _choices.BatchSize : (int?)null,
                MaxIterations = _choices.MaxIterations > 0 ? _choices.MaxIterations : (int?)null,
            };
            _stored.Begin(request, prepared.Labels);
            StartJob(request, paused: false);
        }

        private void StartJob(TrainingRequest request, bool paused)
        {
            _endedHistory = null;
            _job = new TrainingJob(request, key => TrainingDevices.Open(key, begins: request.Checkpoint == null), new LmdbProvider());
            _job.Start(paused);
            _mirror = new ProgressMirror(_job, Path.GetFileName(Path.GetDirectoryName(request.Folder)));
            Save(true);
            Watch();
        }

        private void Watch()
        {
            EditorApplication.update -= Tick;
            EditorApplication.update += Tick;
        }

        private void Tick()
        {
            if (_preparation != null && _preparation.IsDone) FinishPreparation();
            if (_job == null) return;
            _mirror?.Report();
            if (_job.IsActive || !_job.Wait(TimeSpan.Zero)) return;
            string curves = Path.Combine(_job.Request.Folder, "curves");
            SaveCurves(curves);
            _stored.End(_job.State, _job.Problem, curves);
            _mirror?.End(_job.State);
            _mirror = null;
            EditorApplication.update -= Tick;
            Save(true);
        }

        private void FinishPreparation()
        {
            BackgroundTask<PreparedTraining> done = _preparation;
            _preparation = null;
            if (done.Token.IsCancellationRequested) return;
            if (done.Succeeded) Begin(done.Result);
            else _startProblem = done.Problem ?? "";
        }

        private void SaveCurves(string path)
        {
            try
            {
                _job.History.Save(path);
            }
            catch (CortadoException error)
            {
                Debug.LogWarning("Cortado: " + error.Message);
            }
        }

        private TrainingHistory LoadCurves()
        {
            try
            {
                return _stored.Exists && File.Exists(_stored.Curves) ? TrainingHistory.Load(_stored.Curves) : new TrainingHistory();
            }
            catch (CortadoException)
            {
                // Curves of a training that is over are worth no complaint.
                return new TrainingHistory();
            }
        }

        private void DropJob()
        {
            _job?.Dispose();
            _job = null;
            _mirror?.Remove();
            _mirror = null;
            _endedHistory = null;
        }

        private static string SafeName(string name)
        {
            foreach (char bad in Path.GetInvalidFileNameChars()) name = name.Replace(bad, '_');
            return name.Length > 0 ? name : "training";
        }
    }
}
