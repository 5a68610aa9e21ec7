using System.Collections.Generic;

namespace UnityEngine
{
    public class Material : Object
    {
        private readonly Dictionary<int, object> _values = new Dictionary<int, object>();
        private readonly HashSet<string> _keywords = new HashSet<string>();

        public Material(Shader shader) => this.shader = shader;

        public Material(Material source)
        {
            shader = source.shader;
            _keywords.UnionWith(source._keywords);
            (mainTextureScale, mainTextureOffset) = (source.mainTextureScale, source.mainTextureOffset);
            foreach (KeyValuePair<int, object> value in source._values) _values[value.Key] = value.Value;
        }

        public Shader shader { get; set; }

        public void EnableKeyword(string keyword) => _keywords.Add(keyword);

        public void DisableKeyword(string keyword) => _keywords.Remove(keyword);

        public bool IsKeywordEnabled(string keyword) => _keywords.Contains(keyword);

        public Color color { get => GetColor("_Color"); set => SetColor("_Color", value); }

        public Texture mainTexture { get => GetTexture("_MainTex"); set => SetTexture("_MainTex", value); }

        public bool HasProperty(string name) => _values.ContainsKey(Shader.PropertyToID(name));

        public void SetColor(string name, Color value) => SetColor(Shader.PropertyToID(name), value);

        public void SetColor(int nameID, Color value) => _values[nameID] = value;

        public Color GetColor(string name) => GetColor(Shader.PropertyToID(name));

        public Color GetColor(int nameID) => _values.TryGetValue(nameID, out object found) ? (Color)found : Color.white;

        public void SetFloat(string name, float value) => _values[Shader.PropertyToID(name)] = value;

        public float GetFloat(string name) => _values.TryGetValue(Shader.PropertyToID(name), out object found) ? (float)found : 0;

        public void SetTexture(string name, Texture value) => _values[Shader.PropertyToID(name)] = value;

        public Texture GetTexture(string name) => GetTexture(Shader.PropertyToID(name));

        public Texture GetTexture(int nameID) => _values.TryGetValue(nameID, out object found) ? (Texture)found : null;

        public Vector2 mainTextureScale { get; set; } = Vector2.one;

        public Vector2 mainTextureOffset { get; set; }
    }
}
