using System;
using System.IO;
using Cortado.Diagnostics;
using Cortado.Inference;
using Cortado.Lmdb;
using Cortado.Training;
using UnityEditor;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    // Snapshots become assets.
    public sealed partial class EditorTraining
    {
        [NonSerialized] private BackgroundTask<ExportedNetwork> _export;
        [NonSerialized] private string _assetMessage;
        [NonSerialized] private string _assetPath;

        /// <summary>Raised when a snapshot has become an asset.</summary>
        public event Action<NetworkAsset> NetworkMade;

        /// <summary>The folder in Assets that gets networks.</summary>
        public const string AssetFolder = "Assets/Networks";

        /// <summary>
        /// Makes a <see cref="NetworkAsset"/> of a snapshot: the deploy network, the weights and the classes' names are written into <see cref="AssetFolder"/> in the background, then imported.
        /// <see cref="NetworkMade"/> tells when it is there.
        /// </summary>
        /// <param name="snapshot">The snapshot, of <see cref="Snapshots"/>.</param>
        /// <param name="name">The asset's name; null for the training's name, its run from the second on, and the iteration.</param>
        public void MakeAsset(SnapshotEntry snapshot, string name = null)
        {
            if (_export != null) return;
            string solver = Solver, labels = Labels, folder = Path.Combine(Application.dataPath, AssetFolder.Substring("Assets/".Length));
            name = SafeName(name ?? FormattableString.Invariant($"{RunName(_stored.Request.Folder)}_iter_{snapshot.Iteration}"));
            _assetPath = $"{AssetFolder}/{name}.caffemodel";
            _export = Run(task =>
            {
                Directory.CreateDirectory(folder);
                string net = TrainingFiles.Load(solver).Train.FileName;
                return NetworkExport.Write(net, snapshot.Model, labels.Length > 0 ? labels : null, Path.Combine(folder, name), new LmdbProvider());
            });
            EditorApplication.update += FinishAsset;
        }

        // A later run must not replace what an earlier one made.
        private static string RunName(string folder)
        {
            string training = Path.GetFileName(Path.GetDirectoryName(folder)), run = Path.GetFileName(folder);
            return run == "run1" ? training : training + "_" + run;
        }

        /// <summary>What became of the last asset, once.</summary>
        internal bool TakeAssetMessage(out string message, out NetworkAsset made)
        {
            message = _assetMessage;
            _assetMessage = null;
            made = message != null ? AssetDatabase.LoadAssetAtPath<NetworkAsset>(_assetPath) : null;
            return message != null;
        }

        private void FinishAsset()
        {
            if (_export == null || !_export.IsDone) return;
            EditorApplication.update -= FinishAsset;
            BackgroundTask<ExportedNetwork> done = _export;
            _export = null;
            if (!done.Succeeded)
            {
                _assetMessage = done.Problem ?? "Cancelled.";
                return;
            }
            AssetDatabase.Refresh();
            NetworkAsset asset = AssetDatabase.LoadAssetAtPath<NetworkAsset>(_assetPath);
            _assetMessage = asset != null ? $"{_assetPath} is ready." : $"{_assetPath} was written, but could not be imported; select it to see why.";
            foreach (string note in done.Result.Notes) _assetMessage += "\n" + note;
            if (asset != null) NetworkMade?.Invoke(asset);
        }
    }
}
