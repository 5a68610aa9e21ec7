using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>What stands for a .caffemodel that could not become a NetworkAsset, with the reason.</summary>
    public sealed class FailedNetwork : ScriptableObject
    {
        [SerializeField, HideInInspector] private string _problem = "";

        /// <summary>Why, for people.</summary>
        public string Problem { get => _problem; internal set => _problem = value; }
    }
}
