using System;
using System.Collections.Generic;
using UnityEngine.Rendering;

namespace UnityEngine
{
    public class Renderer : Component
    {
        private readonly MaterialPropertyBlock _properties = new MaterialPropertyBlock();
        private bool _ownMaterial;

        public bool enabled { get; set; } = true;

        public Material sharedMaterial { get; set; }

        public Material[] sharedMaterials { get => sharedMaterial is null ? Array.Empty<Material>() : new[] { sharedMaterial }; set => sharedMaterial = value.Length > 0 ? value[0] : null; }

        public Material material
        {
            get
            {
                if (!_ownMaterial && sharedMaterial != null) (sharedMaterial, _ownMaterial) = (new Material(sharedMaterial), true);
                return sharedMaterial;
            }
            set => (sharedMaterial, _ownMaterial) = (value, true);
        }

        public void SetPropertyBlock(MaterialPropertyBlock properties)
        {
            _properties.Clear();
            if (properties == null) return;
            foreach (KeyValuePair<int, object> value in properties.Values) _properties.Values[value.Key] = value.Value;
        }

        public void GetPropertyBlock(MaterialPropertyBlock properties)
        {
            properties.Clear();
            foreach (KeyValuePair<int, object> value in _properties.Values) properties.Values[value.Key] = value.Value;
        }

        public bool HasPropertyBlock() => !_properties.isEmpty;

        /// <summary>A colour as the shader would see it: the property block before the material.</summary>
        internal Color ColorOf(int nameID) => _properties.Values.TryGetValue(nameID, out object found) ? (Color)found : sharedMaterial == null ? Color.magenta : sharedMaterial.GetColor(nameID);

        /// <summary>A texture as the shader would see it.</summary>
        internal Texture TextureOf(int nameID) => _properties.Values.TryGetValue(nameID, out object found) ? (Texture)found : sharedMaterial == null ? null : sharedMaterial.GetTexture(nameID);

        public ShadowCastingMode shadowCastingMode { get; set; } = ShadowCastingMode.On;

        internal override void CopyEngineState(Object to)
        {
            var copy = (Renderer)to;
            (copy.enabled, copy.sharedMaterial, copy.shadowCastingMode) = (enabled, sharedMaterial, shadowCastingMode);
        }
    }
}
