using System;
using System.Collections.Generic;
using System.IO;
using Cortado.Backends.Cpu;
using Cortado.Diagnostics;
using Cortado.Lmdb;
using Cortado.Training;
using UnityEditor;

namespace Cortado.Unity.Editor
{
    /// <summary>What the doctor says about the files and databases that are chosen.</summary>
    internal sealed class TrainingCheck
    {
        private TrainingCheck(PreparedTraining prepared, DoctorReport report)
        {
            Prepared = prepared;
            Report = report;
        }

        public PreparedTraining Prepared { get; }

        public DoctorReport Report { get; }

        /// <summary>Prepares the files and examines them: some seconds, off the main thread.</summary>
        public static BackgroundTask<TrainingCheck> Start(EditorTraining training)
        {
            TrainingPlan plan = training.Choices.Plan(training.PlanFolder);
            return training.Run<TrainingCheck>(task =>
            {
                PreparedTraining prepared = plan.Prepare(new LmdbProvider(), task.Token);
                using (CpuBackend backend = TrainingDevices.Cpu())
                {
                    var options = new DoctorOptions(backend) { Databases = new LmdbProvider() };
                    return new TrainingCheck(prepared, Doctor.Examine(prepared.Solver, options, task.Token));
                }
            });
        }

        /// <summary>Makes edits in the files; what lies in Assets is imported again.</summary>
        /// <exception cref="CortadoException">A file changed since it was examined, or cannot be written.</exception>
        public void Apply(IReadOnlyList<PrototxtEdit> edits)
        {
            string project = Path.GetDirectoryName(EditorTraining.Root) + Path.DirectorySeparatorChar;
            foreach ((string file, string _) in Report.Apply(edits))
            {
                string full = Path.GetFullPath(file);
                if (full.StartsWith(project, StringComparison.Ordinal) && full.Substring(project.Length).Replace('\\', '/') is string asset && asset.StartsWith("Assets/", StringComparison.Ordinal))
                    AssetDatabase.ImportAsset(asset);
            }
        }
    }
}
