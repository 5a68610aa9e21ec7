using System;
using System.Collections.Generic;
using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>
    /// Moves items along x from here, past the eye, to the gate and off to its sides. What is off the belt is used again: nothing is created
    /// once the belt is full.
    /// </summary>
    public sealed class Belt : MonoBehaviour
    {
        private const float EdgeOfBelt = 2.4f, Depth = -3.6f;

        [Tooltip("What rides on the belt; one of them is drawn at random each time.")]
        [SerializeField] private Item[] _prefabs;

        [Tooltip("The camera that looks at the items. It is switched off, and draws one picture when an item lies before it.")]
        [SerializeField] private Camera _eye;

        [Tooltip("Where the gate stands.")]
        [SerializeField] private Transform _gate;

        [Tooltip("What the belt's own picture moves on.")]
        [SerializeField] private Renderer _surface;

        [Tooltip("Metres a second.")]
        [SerializeField, Range(0.5f, 12)] private float _speed = 3;

        [Tooltip("Metres from one item to the next.")]
        [SerializeField, Min(2.4f)] private float _spacing = 2.7f;

        [Tooltip("The same seed gives the same items in the same order.")]
        [SerializeField] private int _seed = 1;

        private readonly List<Item> _riding = new List<Item>();
        private Stack<Item>[] _waiting;
        private System.Random _random;
        private float _untilNext;

        /// <summary>An item lies before the eye, and the eye has drawn its picture.</summary>
        public event Action<Item> Seen;

        /// <summary>An item has come to the gate.</summary>
        public event Action<Item> AtGate;

        /// <summary>Metres a second.</summary>
        public float Speed { get => _speed; set => _speed = value; }

        /// <summary>The picture of the item that was seen last.</summary>
        public RenderTexture Picture => _eye.targetTexture;

        /// <summary>What rides on the belt now, the first to come first.</summary>
        public IReadOnlyList<Item> Riding => _riding;

        private void Awake()
        {
            _random = new System.Random(_seed);
            _waiting = Array.ConvertAll(_prefabs, _ => new Stack<Item>());
        }

        private void Update()
        {
            float step = _speed * Time.deltaTime;
            _untilNext -= step;
            // One repetition of the ribs is a metre long.
            _surface.material.mainTextureOffset -= new Vector2(step, 0);
            if (_untilNext <= 0)
            {
                Send();
                _untilNext += _spacing;
            }
            for (int i = _riding.Count - 1; i >= 0; i--)
                if (!Move(_riding[i], step)) _riding.RemoveAt(i);
        }

        private void Send()
        {
            int kind = _random.Next(_prefabs.Length);
            Item item = _waiting[kind].Count > 0 ? _waiting[kind].Pop() : Instantiate(_prefabs[kind], transform);
            item.Dress(_random);
            item.transform.localPosition = Vector3.zero;
            item.gameObject.SetActive(true);
            _riding.Add(item);
        }

        private bool Move(Item item, float step)
        {
            Transform at = item.transform;
            float before = at.position.x, gate = _gate.position.x, eye = _eye.transform.position.x;
            if (before < gate) at.position += Vector3.right * step;
            else if (Mathf.Abs(at.position.z) < EdgeOfBelt) at.position += new Vector3(0.5f, 0, -item.Side) * step;
            else at.position += new Vector3(0, -1, -0.2f * item.Side) * step;
            if (before < eye && at.position.x >= eye)
            {
                _eye.Render();
                Seen?.Invoke(item);
            }
            if (before < gate && at.position.x >= gate) AtGate?.Invoke(item);
            if (at.position.y > Depth) return true;
            item.gameObject.SetActive(false);
            _waiting[Array.FindIndex(_prefabs, prefab => prefab.Label == item.Label)].Push(item);
            return false;
        }
    }
}
