using System.Collections.Generic;

namespace UnityEngine
{
    public sealed class MaterialPropertyBlock
    {
        internal readonly Dictionary<int, object> Values = new Dictionary<int, object>();

        public bool isEmpty => Values.Count == 0;

        public void Clear() => Values.Clear();

        public void SetColor(string name, Color value) => SetColor(Shader.PropertyToID(name), value);

        public void SetColor(int nameID, Color value) => Values[nameID] = value;

        public void SetFloat(string name, float value) => Values[Shader.PropertyToID(name)] = value;

        public Color GetColor(int nameID) => Values.TryGetValue(nameID, out object found) ? (Color)found : default;
    }
}
