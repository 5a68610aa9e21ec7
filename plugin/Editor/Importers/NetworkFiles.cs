using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cortado.Formats;
using Cortado.Inference;
using UnityEditor;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>Which files make a network asset: the network and the class names of a .caffemodel, by their names in the same folder, and what the network names.</summary>
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

        /// <summary>Where the mean images that a network names may be, in the project: from its folder, as Caffe looks for them, then beside the network. None where the network cannot be read.</summary>
        public static IEnumerable<string> Means(string network)
        {
            string file = FileUtil.GetPhysicalPath(network), project = Path.GetFullPath(Path.GetDirectoryName(Application.dataPath));
            return MeanNames(file)
                .SelectMany(name => new[] { Path.Combine(project, name), Path.Combine(project, Path.GetDirectoryName(file), name) })
                .Select(Path.GetFullPath)
                .Where(mean => mean.StartsWith(project + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .Select(mean => mean.Substring(project.Length + 1).Replace('\\', '/'))
                .Distinct();
        }

        private static IEnumerable<string> MeanNames(string network)
        {
            try
            {
                return NetFile.Load(network).Message.Layer.Where(layer => layer.TransformParam?.HasMeanFile == true).Select(layer => layer.TransformParam.MeanFile).ToArray();
            }
            catch (CortadoException)
            {
                // Whoever reads it says what is wrong with it.
                return Array.Empty<string>();
            }
        }

        public static string FolderOf(string assetPath) => Path.GetDirectoryName(assetPath).Replace('\\', '/');
    }
}
