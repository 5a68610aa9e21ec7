using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>Counts how many of the last items went the right way, and shows it: as a number, and by the lamp above the gate.</summary>
    public sealed class ScoreBoard : MonoBehaviour
    {
        private static readonly int Emission = Shader.PropertyToID("_EmissionColor");

        [SerializeField] private SortingGate _gate;
        [SerializeField] private Renderer _lamp;

        [Tooltip("The score is that of so many items, the last ones.")]
        [SerializeField, Range(10, 500)] private int _window = 100;

        private bool[] _right;
        private MaterialPropertyBlock _light;

        /// <summary>Items sorted since the count began.</summary>
        public int Sorted { get; private set; }

        /// <summary>How many of them went the right way.</summary>
        public int Right { get; private set; }

        /// <summary>The share of the last items that went the right way, 0 to 1.</summary>
        public float Score
        {
            get
            {
                int counted = Mathf.Min(Sorted, _window), right = 0;
                for (int i = 0; i < counted; i++)
                    if (_right[i]) right++;
                return counted > 0 ? (float)right / counted : 0;
            }
        }

        /// <summary>The score in words.</summary>
        public string Text => Sorted == 0 ? "nothing sorted yet" : $"right: {Mathf.RoundToInt(100 * Score)} % of the last {Mathf.Min(Sorted, _window)}";

        /// <summary>Counts from 0 again.</summary>
        public void Clear() => (Sorted, Right) = (0, 0);

        private void Awake()
        {
            _right = new bool[_window];
            _light = new MaterialPropertyBlock();
        }

        private void OnEnable() => _gate.Sorted += Count;

        private void OnDisable() => _gate.Sorted -= Count;

        private void Count(Item item, bool asked)
        {
            bool right = item.Side == (item.Label == 0 ? -1 : 1);
            _right[Sorted % _window] = right;
            Sorted++;
            if (right) Right++;
            _light.SetColor(Emission, right ? new Color(0.1f, 0.9f, 0.2f) : new Color(1, 0.1f, 0.05f));
            _lamp.SetPropertyBlock(_light);
        }
    }
}
