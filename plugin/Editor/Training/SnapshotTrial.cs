using System;
using Cortado.Backends.Cpu;
using Cortado.Diagnostics;
using Cortado.Inference;
using Cortado.Lmdb;

namespace Cortado.Unity.Editor
{
    /// <summary>Says what a picture shows by a training's snapshot, in the background and on the CPU, so that it does not disturb a training on the graphics device.</summary>
    internal static class SnapshotTrial
    {
        private const int Top = 5;

        public static BackgroundTask<ClassScore[]> Start(EditorTraining training, string weights, TexturePixels picture)
        {
            string solver = training.Solver, labels = training.Labels;
            return training.Run(task =>
            {
                string net = TrainingFiles.Load(solver).Train.FileName;
                using (CpuBackend backend = TrainingDevices.Cpu())
                using (Classifier classifier = Classifier.Load(net, weights, new ClassifierOptions(backend) { Labels = labels.Length > 0 ? labels : null, Databases = new LmdbProvider() }))
                {
                    task.Token.ThrowIfCancellationRequested();
                    return Classify(classifier, picture);
                }
            });
        }

        /// <summary>The best classes of a picture.</summary>
        public static ClassScore[] Classify(Classifier classifier, TexturePixels picture)
        {
            var scores = new ClassScore[Math.Min(Top, classifier.Labels.Count)];
            classifier.Classify(picture.ToImage(classifier.Preprocessing.Color), scores);
            return scores;
        }
    }
}
