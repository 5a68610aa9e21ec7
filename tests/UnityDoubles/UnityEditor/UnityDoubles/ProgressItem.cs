using System;
using UnityEditor;

namespace UnityDoubles
{
    /// <summary>An item of the editor's progress list, with what a person can press on it.</summary>
    public sealed class ProgressItem
    {
        internal ProgressItem(int id, string name, string description, Progress.Options options)
        {
            Id = id;
            Name = name;
            Description = description ?? "";
            Options = options;
        }

        /// <summary>What the API calls it by.</summary>
        public int Id { get; }

        /// <summary>Its name.</summary>
        public string Name { get; }

        /// <summary>What stands under it.</summary>
        public string Description { get; internal set; }

        /// <summary>How it behaves.</summary>
        public Progress.Options Options { get; }

        /// <summary>The share done.</summary>
        public float Share { get; internal set; }

        /// <summary>How many times it was reported.</summary>
        public int Reports { get; internal set; }

        /// <summary>Where it stands.</summary>
        public Progress.Status Status { get; internal set; } = Progress.Status.Running;

        /// <summary>Seconds that remain; -1 where nobody said.</summary>
        public long Remaining { get; internal set; } = -1;

        internal Func<bool> OnCancel { get; set; }

        internal Func<bool, bool> OnPause { get; set; }

        /// <summary>Presses its cancel button.</summary>
        public void PressCancel()
        {
            if (OnCancel == null) throw new InvalidOperationException($"'{Name}' cannot be cancelled: it has no cancel callback.");
            if (OnCancel()) Status = Progress.Status.Canceled;
        }

        /// <summary>Presses its pause button, or the one that lets it go on.</summary>
        public void PressPause(bool pause)
        {
            if (OnPause == null) throw new InvalidOperationException($"'{Name}' cannot be paused: it has no pause callback.");
            if (OnPause(pause)) Status = pause ? Progress.Status.Paused : Progress.Status.Running;
        }

        internal void DomainGone()
        {
            OnCancel = null;
            OnPause = null;
            if ((Options & Progress.Options.Unmanaged) == 0 && (Status == Progress.Status.Running || Status == Progress.Status.Paused)) Status = Progress.Status.Canceled;
        }
    }
}
