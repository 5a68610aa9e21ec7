using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Cortado.Lmdb;

namespace Cortado.Unity
{
    /// <summary>All of a network but its weights, read from the files of a training.</summary>
    internal sealed class NetworkParts
    {
        /// <summary>The deploy network, as prototxt text.</summary>
        public string Deploy = "";

        /// <summary>The names of the classes; empty where there are none.</summary>
        public string[] Labels = Array.Empty<string>();

        /// <summary>The mean image that the deploy network names, as .binaryproto; empty where it names none.</summary>
        public byte[] Mean = Array.Empty<byte>();

        /// <summary>The .caffemodel.</summary>
        public string SourcePath = "";

        /// <summary>The training's iteration, from the snapshot's name; -1 where that does not say.</summary>
        public int Iteration = -1;

        /// <summary>When the weights were written, in ISO 8601.</summary>
        public string TrainedOn = "";

        /// <summary>What had to be assumed, a sentence each.</summary>
        public List<string> Notes = new List<string>();

        /// <summary>Reads the parts.</summary>
        /// <param name="network">A deploy network, or the one that was trained: then the deploy network is derived.</param>
        /// <param name="caffemodel">The weights.</param>
        /// <param name="labels">The names of the classes, one a line; null looks for labels.txt beside the network, then beside the weights.</param>
        /// <exception cref="CortadoException">A file cannot be read or makes no sense.</exception>
        public static NetworkParts Read(string network, string caffemodel, string labels)
        {
            PrototxtDocument<NetParameter> document = NetFile.Load(network);
            var paths = new PathResolver(network);
            var parts = new NetworkParts { SourcePath = caffemodel, Iteration = IterationOf(caffemodel), TrainedOn = WrittenOn(caffemodel) };
            parts.Notes.AddRange(document.Warnings);
            NetParameter deploy = document.Message;
            if (DeployNetwork.IsNeeded(deploy))
            {
                DeployNetwork derived = DeployNetwork.Derive(deploy, TrainingImageSize.Of(deploy, new LmdbProvider(), paths));
                parts.Notes.AddRange(derived.Notes);
                deploy = derived.Net;
            }
            parts.Deploy = Prototxt.Print(deploy);
            foreach (LayerParameter layer in deploy.Layer)
                if (layer.Type == "Input" && layer.TransformParam != null && layer.TransformParam.HasMeanFile)
                    parts.Mean = File.ReadAllBytes(paths.Existing(layer.TransformParam.MeanFile, "mean file"));
            labels = labels ?? FindLabels(network, caffemodel);
            if (labels != null) parts.Labels = LabelsFile.Read(labels);
            return parts;
        }

        private static string FindLabels(string network, string caffemodel)
        {
            foreach (string file in new[] { network, caffemodel })
                if (File.Exists(LabelsFile.Beside(file))) return LabelsFile.Beside(file);
            return null;
        }

        // Snapshots are named PREFIX_iter_N.caffemodel.
        private static int IterationOf(string caffemodel)
        {
            string name = Path.GetFileNameWithoutExtension(caffemodel);
            int at = name.LastIndexOf("_iter_", StringComparison.Ordinal);
            return at >= 0 && int.TryParse(name.Substring(at + 6), NumberStyles.None, CultureInfo.InvariantCulture, out int iteration) ? iteration : -1;
        }

        private static string WrittenOn(string caffemodel) =>
            File.Exists(caffemodel) ? File.GetLastWriteTimeUtc(caffemodel).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";
    }
}
