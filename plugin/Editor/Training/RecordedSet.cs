using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Cortado.Unity.Editor
{
    /// <summary>Databases that a Dataset Recorder, or a conversion, left in the project.</summary>
    internal sealed class RecordedSet
    {
        private const string TrainName = "train_lmdb", TestName = "val_lmdb", DataFile = "data.mdb";

        private static readonly string[] NotOurs = { "Library", "Temp", "Logs", "obj", "Packages", "ProjectSettings", "UserSettings" };

        private RecordedSet(string folder)
        {
            Train = Path.Combine(folder, TrainName);
            string test = Path.Combine(folder, TestName);
            Test = File.Exists(Path.Combine(test, DataFile)) ? test : null;
        }

        /// <summary>The database to learn from.</summary>
        public string Train { get; }

        /// <summary>The database to test on; null where there is none.</summary>
        public string Test { get; }

        /// <summary>The set that was written last, of those in the project's own folders and the folders in them; null for none.</summary>
        public static RecordedSet Latest(string project)
        {
            string latest = Folders(project).Where(folder => File.Exists(Path.Combine(folder, TrainName, DataFile)))
                .OrderByDescending(folder => File.GetLastWriteTimeUtc(Path.Combine(folder, TrainName, DataFile))).FirstOrDefault();
            return latest == null ? null : new RecordedSet(latest);
        }

        private static IEnumerable<string> Folders(string project)
        {
            foreach (string folder in Inside(project).Where(folder => !NotOurs.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase)))
            {
                yield return folder;
                foreach (string inner in Inside(folder)) yield return inner;
            }
        }

        private static string[] Inside(string folder)
        {
            try
            {
                return Directory.GetDirectories(folder);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return Array.Empty<string>();
            }
        }
    }
}
