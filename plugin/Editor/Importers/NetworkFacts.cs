using System;
using System.Collections.Generic;
using System.Linq;
using Cortado.Inference;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>What a network is made of, as inspectors show it: kept with what was imported.</summary>
    [Serializable]
    internal sealed class NetworkFacts
    {
        [SerializeField] private LayerRow[] _layers = Array.Empty<LayerRow>();
        [SerializeField] private string _input = "";
        [SerializeField] private long _parameters;
        [SerializeField] private long _blobBytes;
        [SerializeField] private string[] _preparation = Array.Empty<string>();
        [SerializeField] private string[] _notes = Array.Empty<string>();

        public NetworkFacts()
        {
        }

        public NetworkFacts(NetworkSummary summary)
        {
            _layers = summary.Layers.Select(layer => new LayerRow(layer)).ToArray();
            (_input, _parameters, _blobBytes) = (summary.Input, summary.Parameters, summary.BlobBytes);
            (_preparation, _notes) = (summary.Preparation.ToArray(), summary.Notes.ToArray());
        }

        /// <summary>Only what has to be said; no layers.</summary>
        public NetworkFacts(IEnumerable<string> notes) => _notes = notes.ToArray();

        public IReadOnlyList<LayerRow> Layers => _layers;

        public string Input => _input;

        public long Parameters => _parameters;

        public long ParameterBytes => _parameters * sizeof(float);

        public long BlobBytes => _blobBytes;

        public IReadOnlyList<string> Preparation => _preparation;

        public IReadOnlyList<string> Notes => _notes;
    }
}
