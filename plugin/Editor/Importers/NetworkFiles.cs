using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cortado.Inference;

namespace Cortado.Unity.Editor
{
    /// <summary>Which network and which class names belong to a .caffemodel, by their names in the same folder.</summary>
    internal static class NetworkFiles
    {
        /// <summary>Where the network may be, the likeliest first: <c>NAME.prototxt</c>, <c>NAME_deploy.prototxt</c> (NAME also without <c>_iter_N</c>), <c>deploy.prototxt</c>, <c>train_val.prototxt</c>.</summary>
        public static IEnumerable<string> Networks(string caffemodel)
        {
            string folder = FolderOf(caffemodel), name = Path.GetFileNameWithoutExtension(caffemodel);
            int iteration = name.IndexOf("_iter_", StringComparison.Ordinal);
            string prefix = iteration > 0 ? name.Substring(0, iteration) : name;
            return new[] { name + ".prototxt", name + "_deploy.prototxt", prefix + ".prototxt", prefix + "_deploy.prototxt", "deploy.prototxt", "train_val.prototxt" }
                .Distinct().Select(file => folder + "/" + file);
        }

        /// <summary>Where the class names may be: <c>NAME.labels.txt</c>, <c>labels.txt</c>.</summary>
        public static IEnumerable<string> Labels(string caffemodel)
        {
            string folder = FolderOf(caffemodel);
            return new[] { $"{folder}/{Path.GetFileNameWithoutExtension(caffemodel)}{NetworkExport.LabelsEnding}", folder + "/" + Data.LabelsFile.Name };
        }

        public static string FolderOf(string assetPath) => Path.GetDirectoryName(assetPath).Replace('\\', '/');
    }
}
