using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Cortado.Training;
using UnityEditor;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    // Snapshots: listed, tried on a texture, made into assets.
    public sealed partial class TrainingWindow
    {
        private TrialView _trial;
        private string _chosenSnapshot = "";
        private List<string> _shownSnapshots = new List<string>();
        private double _lookedForSnapshots = -1;

        private void BuildSnapshots()
        {
            _trial = new TrialView(picture => SnapshotTrial.Start(Training, _chosenSnapshot, picture));
            Get<VisualElement>("trial-place").Add(_trial);
            Show(_trial, false);
            Show(Get<HelpBox>("asset-message"), "");
            _shownSnapshots = new List<string>();
            _lookedForSnapshots = -1;
        }

        private void RefreshSnapshots()
        {
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
            Show(_trial, models.Count > 0);
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
            if (_trial.Dropped != null) _trial.Try(_trial.Dropped);
        }

        private void StartAsset(SnapshotEntry snapshot)
        {
            if (Training.IsMakingAsset) return;
            Training.MakeAsset(snapshot);
            ShowWhetherOneIsMade();
            Show(Get<HelpBox>("asset-message"), "Writing the network...");
        }

        // One at a time.
        private void ShowWhetherOneIsMade() => Get<VisualElement>("snapshots").SetEnabled(!Training.IsMakingAsset);

        private void RefreshAsset()
        {
            if (Training.TakeAssetMessage(out string message, out NetworkAsset made))
            {
                Show(Get<HelpBox>("asset-message"), message);
                ShowWhetherOneIsMade();
            }
            if (made == null) return;
            Selection.activeObject = made;
            EditorGUIUtility.PingObject(made);
        }
    }
}
