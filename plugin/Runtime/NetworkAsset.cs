using System;
using System.Collections.Generic;
using UnityEngine;

namespace Cortado.Unity
{
    /// <summary>
    /// A trained network: the deploy network with the record of how its pictures are prepared, its weights, the names of its classes, and where it came from.
    /// The editor makes one from a .caffemodel; a game can load one from files.
    /// </summary>
    [HelpURL("https://github.com/cortado/cortado/blob/main/plugin/Documentation~/NetworkAsset.md")]
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

        /// <summary>The deploy network, as prototxt text.</summary>
        public string Deploy => _deploy;

        /// <summary>The names of the classes, in the order of the network's output; empty where there are none.</summary>
        public IReadOnlyList<string> Labels => _labels;

        /// <summary>The .caffemodel that the weights came from, as it was named then.</summary>
        public string SourcePath => _sourcePath;

        /// <summary>The iteration of the training that wrote the weights; -1 where it is not known.</summary>
        public int Iteration => _iteration;

        /// <summary>When the weights were written, as text in ISO 8601; empty where it is not known.</summary>
        public string TrainedOn => _trainedOn;

        /// <summary>Bytes of the weights.</summary>
        public long WeightBytes => _weights != null ? _weights.dataSize : _weightBytes.Length;
    }
}
