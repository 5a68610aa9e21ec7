using System;
using System.Linq;
using UnityDoubles;

namespace UnityEditor
{
    public static class Progress
    {
        public enum Status
        {
            Running,
            Succeeded,
            Failed,
            Canceled,
            Paused,
        }

        [Flags]
        public enum Options
        {
            None = 0,
            Sticky = 1,
            Indefinite = 2,
            Synchronous = 4,
            Managed = 8,
            Unmanaged = 16,
        }

        public enum TimeDisplayMode
        {
            NoTimeShown,
            ShowRunningTime,
            ShowRemainingTime,
        }

        public static int Start(string name, string description = null, Options options = Options.None, int parentId = -1)
        {
            EditorSession session = EditorSession.Current;
            int id = session.ProgressItems.Count == 0 ? 1 : session.ProgressItems.Max(item => item.Id) + 1;
            session.ProgressItems.Add(new ProgressItem(id, name, description, options));
            return id;
        }

        public static void Report(int id, float progress) => Report(id, progress, null);

        public static void Report(int id, float progress, string description)
        {
            ProgressItem item = Find(id);
            item.Share = progress;
            item.Reports++;
            if (description != null) item.Description = description;
        }

        public static void Finish(int id, Status status = Status.Succeeded)
        {
            ProgressItem item = Find(id);
            item.Status = status;
            // One that is not sticky leaves the list when it is done.
            if ((item.Options & Options.Sticky) == 0 && status != Status.Failed) EditorSession.Current.ProgressItems.Remove(item);
        }

        public static int Remove(int id)
        {
            EditorSession.Current.ProgressItems.Remove(Find(id));
            return id;
        }

        public static bool Exists(int id) => EditorSession.Current.ProgressItems.Any(item => item.Id == id);

        public static Status GetStatus(int id) => Find(id).Status;

        public static float GetProgress(int id) => Find(id).Share;

        public static void SetDescription(int id, string description) => Find(id).Description = description;

        public static void SetRemainingTime(int id, long seconds) => Find(id).Remaining = seconds;

        public static void SetTimeDisplayMode(int id, TimeDisplayMode displayMode) => Find(id);

        public static void RegisterCancelCallback(int id, Func<bool> callback) => Find(id).OnCancel = callback;

        public static void UnregisterCancelCallback(int id) => Find(id).OnCancel = null;

        public static void RegisterPauseCallback(int id, Func<bool, bool> callback) => Find(id).OnPause = callback;

        public static void UnregisterPauseCallback(int id) => Find(id).OnPause = null;

        public static bool Cancel(int id)
        {
            ProgressItem item = Find(id);
            if (item.OnCancel == null || !item.OnCancel()) return false;
            item.Status = Status.Canceled;
            return true;
        }

        public static bool Pause(int id)
        {
            ProgressItem item = Find(id);
            if (item.OnPause == null || !item.OnPause(true)) return false;
            item.Status = Status.Paused;
            return true;
        }

        public static bool Resume(int id)
        {
            ProgressItem item = Find(id);
            if (item.OnPause == null || !item.OnPause(false)) return false;
            item.Status = Status.Running;
            return true;
        }

        private static ProgressItem Find(int id) => EditorSession.Current.ProgressItems.FirstOrDefault(item => item.Id == id)
            ?? throw new ArgumentException($"There is no progress item {id}.");
    }
}
