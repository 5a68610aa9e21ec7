using Cortado.Formats;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>What became of a .prototxt: a network with its layers, a solver with its settings, or what is wrong with it. For the editor only: games use a NetworkAsset.</summary>
    public sealed class PrototxtAsset : ScriptableObject
    {
        [SerializeField, HideInInspector] private PrototxtKind _kind;
        [SerializeField, HideInInspector] private string _problem = "";
        [SerializeField, HideInInspector] private int _line;
        [SerializeField, HideInInspector] private string _settings = "";
        [SerializeField, HideInInspector] private NetworkFacts _facts = new NetworkFacts();

        /// <summary>Whether it is a network or a solver.</summary>
        public PrototxtKind Kind => _kind;

        /// <summary>What is wrong, with file, line and column; empty where nothing is.</summary>
        public string Problem => _problem;

        /// <summary>The line of the problem, from 1; 0 where it has none.</summary>
        public int Line => _line;

        /// <summary>A solver's settings as Cortado reads them: old fields in the current form.</summary>
        public string Settings => _settings;

        internal NetworkFacts Facts => _facts;

        internal void Fill(PrototxtKind kind, NetworkFacts facts, string settings) => (_kind, _facts, _settings) = (kind, facts ?? new NetworkFacts(), settings ?? "");

        internal void Fail(PrototxtKind kind, string problem, int line) => (_kind, _problem, _line) = (kind, problem, line);
    }
}
