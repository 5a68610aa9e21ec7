using System;
using Cortado.Inference;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>A layer as inspectors list it.</summary>
    [Serializable]
    internal sealed class LayerRow
    {
        [SerializeField] private string _name;
        [SerializeField] private string _type;
        [SerializeField] private string _output;
        [SerializeField] private long _parameters;

        public LayerRow(LayerSummary layer) => (_name, _type, _output, _parameters) = (layer.Name, layer.Type, layer.Output, layer.Parameters);

        public string Name => _name;

        public string Type => _type;

        public string Output => _output;

        public long Parameters => _parameters;
    }
}
