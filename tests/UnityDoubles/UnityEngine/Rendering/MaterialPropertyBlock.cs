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

        public void SetTexture(string name, Texture value) => SetTexture(Shader.PropertyToID(name), value);

        public void SetTexture(int nameID, Texture value) => Values[nameID] = value != null ? value : throw new System.ArgumentNullException(nameof(value));

        public Texture GetTexture(int nameID) => Values.TryGetValue(nameID, out object found) ? (Texture)found : null;

        public Color GetColor(int nameID) => Values.TryGetValue(nameID, out object found) ? (Color)found : default;
    }
}
