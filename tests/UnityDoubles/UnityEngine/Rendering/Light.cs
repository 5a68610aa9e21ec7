namespace UnityEngine
{
    public sealed class Light : Behaviour
    {
        public LightType type { get; set; } = LightType.Point;

        public Color color { get; set; } = Color.white;

        public float intensity { get; set; } = 1;

        public LightShadows shadows { get; set; }

        public float shadowStrength { get; set; } = 1;

        public float range { get; set; } = 10;
    }
}
