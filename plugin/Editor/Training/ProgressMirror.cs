using System;
using Cortado.Training;
using UnityEditor;

namespace Cortado.Unity.Editor
{
    /// <summary>Shows a training in the editor's list of background tasks, where it can be paused and cancelled too. Main thread only.</summary>
    internal sealed class ProgressMirror
    {
        private readonly TrainingJob _job;
        private readonly int _id;

        public ProgressMirror(TrainingJob job, string name)
        {
            _job = job;
            _id = Progress.Start("Cortado: training " + name, "Preparing", Progress.Options.None);
            Progress.SetTimeDisplayMode(_id, Progress.TimeDisplayMode.ShowRemainingTime);
            Progress.RegisterCancelCallback(_id, Cancel);
            Progress.RegisterPauseCallback(_id, Pause);
        }

        /// <summary>Tells how far it is.</summary>
        public void Report()
        {
            if (!IsOpen || ShowPause()) return;
            TrainingProgress progress = _job.Progress;
            if (_job.State == TrainingState.Preparing && _job.PreparedShare > 0)
            {
                Progress.Report(_id, (float)_job.PreparedShare, "Preparing the device");
                return;
            }
            string text = FormattableString.Invariant($"iteration {progress.Iteration} of {progress.MaxIterations}, loss {progress.SmoothedLoss:G4}");
            Progress.Report(_id, (float)progress.Share, progress.MaxIterations > 0 ? text : "Preparing");
            if (progress.Remaining is TimeSpan remaining) Progress.SetRemainingTime(_id, (long)remaining.TotalSeconds);
        }

        /// <summary>Takes it off the list.</summary>
        public void End(TrainingState state)
        {
            if (!IsOpen) return;
            Progress.Finish(_id, state == TrainingState.Failed || state == TrainingState.Diverged ? Progress.Status.Failed
                : state == TrainingState.Finished ? Progress.Status.Succeeded
                : Progress.Status.Canceled);
        }

        /// <summary>Takes it off the list without a word: it will come again.</summary>
        public void Remove()
        {
            if (Progress.Exists(_id)) Progress.Remove(_id);
        }

        private bool IsOpen => Progress.Exists(_id) && Progress.GetStatus(_id) != Progress.Status.Canceled;

        // Whoever paused it, the list shows it, and hears nothing more until it goes on. The editor asks the callback below first, which only says what is wanted already.
        private bool ShowPause()
        {
            bool wanted = _job.IsPauseWanted;
            if (wanted == (Progress.GetStatus(_id) == Progress.Status.Paused)) return wanted;
            if (wanted) Progress.Pause(_id);
            else Progress.Resume(_id);
            return wanted;
        }

        private bool Cancel()
        {
            _job.Stop();
            return true;
        }

        private bool Pause(bool pause)
        {
            if (pause) _job.Pause();
            else _job.Resume();
            return true;
        }
    }
}
