using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityEditor;

namespace Cortado.Unity.Editor
{
    /// <summary>Imports weights that failed again when a network or class names come to lie beside them, whether or not the editor itself kept watch for a file that was not there.</summary>
    internal sealed class NetworkPairing : AssetPostprocessor
    {
        private static void OnPostprocessAllAssets(string[] importedAssets, string[] deletedAssets, string[] movedAssets, string[] movedFromAssetPaths)
        {
            var folders = new HashSet<string>(importedAssets.Concat(movedAssets).Where(IsPart).Select(NetworkFiles.FolderOf), StringComparer.Ordinal);
            foreach (string folder in folders)
                foreach (string weights in WeightsIn(folder))
                    // What was imported with them has seen them.
                    if (!importedAssets.Contains(weights) && AssetDatabase.LoadMainAssetAtPath(weights) is FailedNetwork) AssetDatabase.ImportAsset(weights, ImportAssetOptions.ForceUpdate);
        }

        private static bool IsPart(string path) => path.EndsWith(".prototxt", StringComparison.OrdinalIgnoreCase) || path.EndsWith("labels.txt", StringComparison.OrdinalIgnoreCase);

        private static IEnumerable<string> WeightsIn(string folder)
        {
            string physical = FileUtil.GetPhysicalPath(folder);
            return Directory.Exists(physical) ? Directory.GetFiles(physical, "*.caffemodel").Select(file => folder + "/" + Path.GetFileName(file)) : Array.Empty<string>();
        }
    }
}
