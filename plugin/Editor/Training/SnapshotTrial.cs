using System;
using Cortado.Diagnostics;
using Cortado.Inference;
using Cortado.Lmdb;
using Cortado.Training;

namespace Cortado.Unity.Editor
{
    /// <summary>Says what a picture shows by a training's snapshot, in the background: on the device that is chosen, or on the CPU while a training has that device.</summary>
    internal static class SnapshotTrial
    {
        private const int Top = 5;

        public static BackgroundTask<TrialAnswer> Start(EditorTraining training, string weights, TexturePixels picture)
        {
            string solver = training.Solver, labels = training.Labels, device = training.TrialDevice;
            return training.Run(task =>
            {
                string net = TrainingFiles.Load(solver).Train.FileName;
                OpenedDevice opened = TrainingDevices.OpenOrCpu(device);
                using (opened.Backend)
                using (Classifier classifier = Classifier.Load(net, weights, new ClassifierOptions(opened.Backend) { Labels = labels.Length > 0 ? labels : null, Databases = new LmdbProvider() }))
                {
                    task.Token.ThrowIfCancellationRequested();
                    return new TrialAnswer(Classify(classifier, picture), opened.Reason);
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
