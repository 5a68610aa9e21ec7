using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>A ball or a box on its tray. It knows what it is; the gate has to look.</summary>
    public sealed class Item : MonoBehaviour
    {
        private static readonly int Color = Shader.PropertyToID("_Color");
        private static readonly int Texture = Shader.PropertyToID("_MainTex");

        [Tooltip("What it is: the number of its class, in the order of the recorder's labels.")]
        [SerializeField] private int _label;

        [Tooltip("What rides on the tray.")]
        [SerializeField] private Transform _body;

        [Tooltip("Whether it may lie any way up.")]
        [SerializeField] private bool _round;

        [SerializeField] private Renderer _bodyRenderer;
        [SerializeField] private Renderer _trayRenderer;

        [Tooltip("What the body may be painted with.")]
        [SerializeField] private Texture[] _bodyTextures;

        [Tooltip("What the tray, the background of the picture, may be painted with.")]
        [SerializeField] private Texture[] _trayTextures;

        private MaterialPropertyBlock _paint;
        private float _spin;

        /// <summary>What it is.</summary>
        public int Label => _label;

        /// <summary>What the network says that it is; -1 as long as it has not answered.</summary>
        public int Answer { get; set; }

        /// <summary>Counts its rides: an answer that comes after the item is back at the start belongs to an earlier ride.</summary>
        public int Ride { get; private set; }

        /// <summary>Where the gate sends it: -1 left, 1 right, 0 straight on.</summary>
        public int Side { get; set; }

        /// <summary>New clothes for a new ride: colours, patterns, size and pose, so that no two pictures are alike.</summary>
        public void Dress(System.Random random)
        {
            (Answer, Side) = (-1, 0);
            Ride++;
            float size = Between(random, 0.85f, 1.15f);
            Vector3 sides = _round ? Vector3.one * size : new Vector3(Between(random, 0.7f, 0.95f), Between(random, 0.7f, 0.95f), Between(random, 0.7f, 0.95f)) * size;
            _body.localScale = sides;
            _body.localPosition = new Vector3(Between(random, -0.15f, 0.15f), 0.1f + sides.y / 2, Between(random, -0.15f, 0.15f));
            float turn = Between(random, 0, 360);
            _body.localRotation = _round ? Quaternion.Euler(turn, Between(random, 0, 360), Between(random, 0, 360)) : Quaternion.Euler(0, turn, 0);
            _spin = Between(random, -120, 120);
            Paint(_bodyRenderer, UnityEngine.Color.HSVToRGB(Between(random, 0, 1), Between(random, 0.3f, 0.9f), Between(random, 0.5f, 1)), Any(random, _bodyTextures));
            Paint(_trayRenderer, UnityEngine.Color.HSVToRGB(Between(random, 0, 1), Between(random, 0.1f, 0.7f), Between(random, 0.3f, 0.95f)), Any(random, _trayTextures));
        }

        private void Update() => _body.Rotate(0, _spin * Time.deltaTime, 0, Space.World);

        // A property block changes how one renderer draws, without a material of its own.
        private void Paint(Renderer painted, Color color, Texture texture)
        {
            _paint ??= new MaterialPropertyBlock();
            _paint.SetColor(Color, color);
            _paint.SetTexture(Texture, texture);
            painted.SetPropertyBlock(_paint);
        }

        private static Texture Any(System.Random random, Texture[] textures) => textures[random.Next(textures.Length)];

        private static float Between(System.Random random, float low, float high) => low + (high - low) * (float)random.NextDouble();
    }
}
