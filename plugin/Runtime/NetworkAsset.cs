using System;
using System.Collections.Generic;
using System.IO;
using Cortado.Data;
using Cortado.Formats;
using Cortado.Inference;
using Unity.Collections;
using UnityEngine;

namespace Cortado.Unity
{
    /// <summary>
    /// A trained network: the deploy network with the record of how its pictures are prepared, its weights, the names of its classes, and where it came from.
    /// The editor makes one from a .caffemodel; a game can take one from files with <see cref="FromFiles"/>.
    /// </summary>
    [HelpURL(PackageLinks.Manual + "network-asset.html")]
    [PreferBinarySerialization]
    public sealed class NetworkAsset : ScriptableObject
    {
        [SerializeField, HideInInspector] private string _deploy = "";
        [SerializeField, HideInInspector] private string[] _labels = Array.Empty<string>();
        [SerializeField, HideInInspector] private TextAsset _weights;
        [SerializeField, HideInInspector] private byte[] _weightBytes = Array.Empty<byte>();
        [SerializeField, HideInInspector] private byte[] _mean = Array.Empty<byte>();
        [SerializeField, HideInInspector] private string _sourcePath = "";
        [SerializeField, HideInInspector] private int _iteration = -1;
        [SerializeField, HideInInspector] private string _trainedOn = "";

        // The editor keeps private fields over a reload of scripts, and gives a text that was null back as an empty one.
        private string _weightFile = "";

        /// <summary>The deploy network, as prototxt text.</summary>
        public string Deploy => _deploy;

        /// <summary>The names of the classes, in the order of the network's output; empty where there are none.</summary>
        public IReadOnlyList<string> Labels => _labels;

        /// <summary>The .caffemodel that the weights came from, as it was named then.</summary>
        public string SourcePath => _sourcePath;

        /// <summary>The iteration of the training that wrote the weights; -1 where it is not known.</summary>
        public int Iteration => _iteration;

        /// <summary>When the weights were written, in ISO 8601 (UTC); empty where it is not known.</summary>
        public string TrainedOn => _trainedOn;

        /// <summary>Bytes of the weights as they are stored.</summary>
        public long WeightBytes => _weightFile.Length > 0 ? new FileInfo(_weightFile).Length : _weights != null ? _weights.dataSize : _weightBytes.Length;

        /// <summary>Counts changes of the content, so that a component sees that it must load anew.</summary>
        internal int Revision { get; private set; }

        /// <summary>
        /// Makes a network from the files of a training, in the editor or in a game. The weights stay in their file, from which components load them: keep it as long as the
        /// asset is in use. The rest is read now.
        /// </summary>
        /// <param name="network">A deploy prototxt, or the one that was trained: then the deploy network is derived.</param>
        /// <param name="caffemodel">The weights.</param>
        /// <param name="labels">The names of the classes, one a line; null looks for labels.txt beside the network, then beside the weights.</param>
        /// <returns>The network. Destroy it when it is no longer used.</returns>
        /// <exception cref="CortadoException">A file cannot be read or makes no sense; the message says which and why.</exception>
        public static NetworkAsset FromFiles(string network, string caffemodel, string labels = null)
        {
            NetworkParts parts = NetworkParts.Read(network, caffemodel, labels);
            using (WeightFile.Open(caffemodel))
            {
                // That it can be opened is found out now and not in the middle of a game.
            }
            NetworkAsset made = CreateInstance<NetworkAsset>();
            made.name = Path.GetFileNameWithoutExtension(caffemodel);
            made.Fill(parts);
            made._weightFile = Path.GetFullPath(caffemodel);
            return made;
        }

        /// <summary>Takes over all but the weights.</summary>
        internal void Fill(NetworkParts parts)
        {
            (_deploy, _labels, _mean) = (parts.Deploy, parts.Labels, parts.Mean);
            (_sourcePath, _iteration, _trainedOn) = (parts.SourcePath, parts.Iteration, parts.TrainedOn);
            (_weights, _weightBytes, _weightFile) = (null, Array.Empty<byte>(), "");
            Revision++;
        }

        /// <summary>Takes the bytes of a .caffemodel: an asset that is stored beside this one. Its memory is read in place.</summary>
        internal void SetWeights(TextAsset weights)
        {
            _weights = weights;
            Revision++;
        }

        /// <summary>Takes the bytes of a .caffemodel, to be stored in this asset itself: where the engine has no binary text assets (before Unity 2023.2).</summary>
        internal void SetWeights(byte[] caffemodel)
        {
            _weightBytes = caffemodel;
            Revision++;
        }

        /// <summary>All that a classifier is made from. To be called on the main thread; what it gives may be used on another one as long as this asset lives.</summary>
        /// <exception cref="CortadoException">The asset is empty.</exception>
        internal TrainedNetwork Describe()
        {
            string title = name.Length > 0 ? name : "The network";
            if (_deploy.Length == 0) throw new CortadoException($"{title}: the network asset is empty. Make one from a .caffemodel: drop it and its deploy prototxt into the project.");
            Func<WeightFile> open;
            string weights = _weightFile, from = _sourcePath.Length > 0 ? Path.GetFileName(_sourcePath) : title;
            if (weights.Length > 0)
            {
                open = () => WeightFile.Open(weights);
            }
            else if (_weights != null)
            {
                NativeArray<byte> bytes = _weights.GetData<byte>();
                open = () => WeightFile.Open(new NativeArrayStream(bytes), from);
            }
            else
            {
                byte[] bytes = _weightBytes;
                if (bytes.Length == 0) throw new CortadoException($"{title}: the network asset has no weights. Import its .caffemodel again.");
                open = () => WeightFile.Open(new MemoryStream(bytes, false), from);
            }
            byte[] mean = _mean;
            Func<MeanImage> readMean = null;
            if (mean.Length > 0) readMean = () => MeanImage.Read(new MemoryStream(mean, false), title + "'s mean image");
            return new TrainedNetwork(title, _deploy, open, _labels, readMean);
        }
    }
}
