using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Cortado.Inference;
using Cortado.Training;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    // Snapshots: listed, tried on a texture, made into assets.
    public sealed partial class TrainingWindow
    {
        private BackgroundTask<ClassScore[]> _trial;
        private Texture _dropped;
        private string _chosenSnapshot = "";
        private List<string> _shownSnapshots = new List<string>();
        private double _lookedForSnapshots = -1;

        private void BuildSnapshots()
        {
            var trial = Get<VisualElement>("trial");
            trial.RegisterCallback<DragUpdatedEvent>(e => Drag(trial));
            trial.RegisterCallback<DragLeaveEvent>(e => trial.RemoveFromClassList("cortado-trial--over"));
            trial.RegisterCallback<DragPerformEvent>(e => Drop(trial));
            Show(Get<HelpBox>("asset-message"), "");
            _shownSnapshots = new List<string>();
            _lookedForSnapshots = -1;
            _dropped = null;
        }

        private void RefreshSnapshots()
        {
            RefreshTrial();
            RefreshAsset();
            // The disk is asked once a second and not ten times.
            double now = EditorApplication.timeSinceStartup;
            if (now - _lookedForSnapshots < 1 && _lookedForSnapshots >= 0) return;
            _lookedForSnapshots = now;
            IReadOnlyList<SnapshotEntry> snapshots = Training.Snapshots;
            List<string> models = snapshots.Select(snapshot => snapshot.Model).ToList();
            if (models.SequenceEqual(_shownSnapshots)) return;
            _shownSnapshots = models;
            if (!models.Contains(_chosenSnapshot)) _chosenSnapshot = models.FirstOrDefault() ?? "";
            Show(Get<Label>("no-snapshots"), models.Count == 0);
            ListSnapshots(snapshots);
        }

        private void ListSnapshots(IReadOnlyList<SnapshotEntry> snapshots)
        {
            VisualElement list = Get<VisualElement>("snapshots");
            list.Clear();
            foreach (SnapshotEntry snapshot in snapshots)
            {
                var row = new VisualElement { name = "snapshot-" + snapshot.Iteration.ToString(CultureInfo.InvariantCulture) };
                row.AddToClassList("cortado-snapshot");
                row.EnableInClassList("cortado-snapshot--chosen", snapshot.Model == _chosenSnapshot);
                var name = new Label(Text($"iteration {snapshot.Iteration}, {EditorUtility.FormatBytes(snapshot.Bytes)}{(snapshot.Healthy ? "" : ", diverged: not finite")}"));
                name.AddToClassList("cortado-snapshot__name");
                row.Add(name);
                row.Add(new Button(() => ChooseSnapshot(snapshot)) { name = "choose", text = "Try", tooltip = "Texture drops go to this one." });
                var make = new Button(() => StartAsset(snapshot)) { name = "make-asset", text = "Make asset", tooltip = "Writes the network that classifies, these weights and the classes' names into Assets." };
                make.SetEnabled(snapshot.Healthy);
                row.Add(make);
                list.Add(row);
            }
        }

        private void ChooseSnapshot(SnapshotEntry snapshot)
        {
            _chosenSnapshot = snapshot.Model;
            ListSnapshots(Training.Snapshots);
            if (_dropped != null) StartTrial(_dropped);
        }

        private void Drag(VisualElement trial)
        {
            bool takes = _chosenSnapshot.Length > 0 && DragAndDrop.objectReferences.OfType<Texture>().Any();
            DragAndDrop.visualMode = takes ? DragAndDropVisualMode.Copy : DragAndDropVisualMode.Rejected;
            trial.EnableInClassList("cortado-trial--over", takes);
        }

        private void Drop(VisualElement trial)
        {
            trial.RemoveFromClassList("cortado-trial--over");
            Texture texture = DragAndDrop.objectReferences.OfType<Texture>().FirstOrDefault();
            if (texture == null || _chosenSnapshot.Length == 0) return;
            DragAndDrop.AcceptDrag();
            StartTrial(texture);
        }

        private void StartTrial(Texture texture)
        {
            _dropped = texture;
            _trial?.Cancel();
            Get<UnityEngine.UIElements.Image>("trial-image").image = texture;
            Get<VisualElement>("trial-scores").Clear();
            Get<Label>("trial-message").text = "Loading the snapshot...";
            _trial = SnapshotTrial.Start(Training, _chosenSnapshot, TextureReader.Read(texture));
        }

        private void RefreshTrial()
        {
            if (_trial == null || !_trial.IsDone) return;
            BackgroundTask<ClassScore[]> done = _trial;
            _trial = null;
            Get<Label>("trial-message").text = done.Succeeded ? Path.GetFileNameWithoutExtension(_chosenSnapshot) + " says:" : done.Problem ?? "";
            VisualElement scores = Get<VisualElement>("trial-scores");
            scores.Clear();
            if (!done.Succeeded) return;
            foreach (ClassScore score in done.Result)
                scores.Add(new ProgressBar { highValue = 1, value = score.Probability, title = Text($"{score.Label} {100 * score.Probability:F1} %") });
        }

        private void StartAsset(SnapshotEntry snapshot)
        {
            Training.MakeAsset(snapshot);
            Show(Get<HelpBox>("asset-message"), "Writing the network...");
        }

        private void RefreshAsset()
        {
            if (Training.TakeAssetMessage(out string message, out NetworkAsset made)) Show(Get<HelpBox>("asset-message"), message);
            if (made == null) return;
            Selection.activeObject = made;
            EditorGUIUtility.PingObject(made);
        }
    }
}
