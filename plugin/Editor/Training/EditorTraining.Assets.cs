using System;
using System.IO;
using System.Threading;
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
        [NonSerialized] private int _exportProgress;

        /// <summary>Raised when a snapshot has become an asset.</summary>
        public event Action<NetworkAsset> NetworkMade;

        /// <summary>The folder in Assets that gets networks.</summary>
        public const string AssetFolder = "Assets/Networks";

        /// <summary>Whether an asset is being written; <see cref="MakeAsset"/> waits for nobody and makes one at a time.</summary>
        public bool IsMakingAsset => _export != null;

        /// <summary>
        /// Makes a <see cref="NetworkAsset"/> of a snapshot: the deploy network, the weights and the classes' names are written into <see cref="AssetFolder"/> in the background, then imported.
        /// <see cref="NetworkMade"/> tells when it is there.
        /// </summary>
        /// <param name="snapshot">The snapshot, of <see cref="Snapshots"/>.</param>
        /// <param name="name">The asset's name; null for the training's name, its run from the second on, and the iteration.</param>
        /// <param name="replace">Whether a network that has that name already is replaced, so that scenes that refer to it take the new one. Otherwise it stays, and the new one's name gets a number.</param>
        /// <exception cref="InvalidOperationException">Another asset is being written (<see cref="IsMakingAsset"/>).</exception>
        public void MakeAsset(SnapshotEntry snapshot, string name = null, bool replace = false)
        {
            if (IsMakingAsset) throw new InvalidOperationException("Another asset is being written; wait until it is there.");
            string solver = Solver, labels = Labels, folder = Path.Combine(Application.dataPath, AssetFolder.Substring("Assets/".Length));
            name = SafeName(name ?? FormattableString.Invariant($"{RunName(_stored.Request.Folder)}_iter_{snapshot.Iteration}"));
            BackgroundTask<ExportedNetwork> export = _export = Run(task =>
            {
                Directory.CreateDirectory(folder);
                string net = TrainingFiles.Load(solver).Train.FileName;
                string path = replace ? Path.Combine(folder, name) : FreePath(Path.Combine(folder, name), snapshot.Model, task.Token);
                return NetworkExport.Write(net, snapshot.Model, labels.Length > 0 ? labels : null, path, new LmdbProvider(), task.Token);
            });
            _exportProgress = UnityEditor.Progress.Start("Cortado: writing the network " + name);
            UnityEditor.Progress.RegisterCancelCallback(_exportProgress, () =>
            {
                export.Cancel();
                return true;
            });
            EditorApplication.update += FinishAsset;
        }

        // A later run must not replace what an earlier one made.
        private static string RunName(string folder)
        {
            string training = Path.GetFileName(Path.GetDirectoryName(folder)), run = Path.GetFileName(folder);
            return run == "run1" ? training : training + "_" + run;
        }

        // The same weights once more are no other network.
        private static string FreePath(string path, string weights, CancellationToken cancel)
        {
            string free = path;
            for (int i = 1; File.Exists(free + ".prototxt") || File.Exists(free + ".caffemodel"); i++)
            {
                if (File.Exists(free + ".caffemodel") && AreSame(free + ".caffemodel", weights, cancel)) return free;
                free = FormattableString.Invariant($"{path} {i}");
            }
            return free;
        }

        private static bool AreSame(string first, string second, CancellationToken cancel)
        {
            using (FileStream one = File.OpenRead(first))
            using (FileStream two = File.OpenRead(second))
            {
                if (one.Length != two.Length) return false;
                byte[] some = new byte[1 << 16], others = new byte[1 << 16];
                int count;
                while ((count = one.Read(some, 0, some.Length)) > 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    for (int read = 0; read < count;)
                    {
                        int more = two.Read(others, read, count - read);
                        if (more == 0) return false;
                        read += more;
                    }
                    if (!some.AsSpan(0, count).SequenceEqual(others.AsSpan(0, count))) return false;
                }
                return true;
            }
        }

        /// <summary>What became of the last asset, once.</summary>
        internal bool TakeAssetMessage(out string message, out NetworkAsset made)
        {
            message = _assetMessage;
            _assetMessage = null;
            made = message != null ? AssetDatabase.LoadAssetAtPath<NetworkAsset>(_assetPath) : null;
            return message != null;
        }

        private BackgroundTask<ExportedNetwork> EndExport()
        {
            EditorApplication.update -= FinishAsset;
            BackgroundTask<ExportedNetwork> export = _export;
            _export = null;
            if (UnityEditor.Progress.Exists(_exportProgress))
                UnityEditor.Progress.Finish(_exportProgress, export.Succeeded ? UnityEditor.Progress.Status.Succeeded : export.Problem == null ? UnityEditor.Progress.Status.Canceled : UnityEditor.Progress.Status.Failed);
            return export;
        }

        private void FinishAsset()
        {
            if (_export == null || !_export.IsDone) return;
            BackgroundTask<ExportedNetwork> done = EndExport();
            if (!done.Succeeded)
            {
                _assetMessage = done.Problem ?? "Cancelled.";
                return;
            }
            _assetPath = $"{AssetFolder}/{Path.GetFileName(done.Result.Weights)}";
            AssetDatabase.Refresh();
            NetworkAsset asset = AssetDatabase.LoadAssetAtPath<NetworkAsset>(_assetPath);
            _assetMessage = asset != null ? $"{_assetPath} is ready." : $"{_assetPath} was written, but could not be imported; select it to see why.";
            foreach (string note in done.Result.Notes) _assetMessage += "\n" + note;
            if (asset != null) NetworkMade?.Invoke(asset);
        }
    }
}
