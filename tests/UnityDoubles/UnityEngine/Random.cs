using UnityDoubles;

namespace UnityEngine
{
    public static class Random
    {
        private static System.Random Source => PlayerLoop.Current.Random;

        public static float value => (float)(Source.Next(0, 1 << 24) / (double)((1 << 24) - 1));

        public static Vector3 onUnitSphere
        {
            get
            {
                float z = Range(-1f, 1f), angle = Range(0, 2 * Mathf.PI), r = Mathf.Sqrt(Mathf.Max(0, 1 - z * z));
                return new Vector3(r * Mathf.Cos(angle), r * Mathf.Sin(angle), z);
            }
        }

        public static Vector3 insideUnitSphere => onUnitSphere * Mathf.Pow(value, 1f / 3);

        public static Quaternion rotation => Quaternion.AngleAxis(Range(0f, 360f), onUnitSphere);

        public static Quaternion rotationUniform => rotation;

        public static void InitState(int seed) => PlayerLoop.Current.Random = new System.Random(seed);

        public static float Range(float minInclusive, float maxInclusive) => minInclusive + (maxInclusive - minInclusive) * value;

        public static int Range(int minInclusive, int maxExclusive) =>
            minInclusive == maxExclusive ? minInclusive : Source.Next(minInclusive, maxExclusive);

        public static Color ColorHSV() => ColorHSV(0, 1, 0, 1, 0, 1);

        public static Color ColorHSV(float hueMin, float hueMax) => ColorHSV(hueMin, hueMax, 0, 1, 0, 1);

        public static Color ColorHSV(float hueMin, float hueMax, float saturationMin, float saturationMax) =>
            ColorHSV(hueMin, hueMax, saturationMin, saturationMax, 0, 1);

        public static Color ColorHSV(float hueMin, float hueMax, float saturationMin, float saturationMax, float valueMin, float valueMax) =>
            Color.HSVToRGB(Range(hueMin, hueMax), Range(saturationMin, saturationMax), Range(valueMin, valueMax));
    }
}
