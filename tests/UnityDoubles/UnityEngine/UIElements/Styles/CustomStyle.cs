using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace UnityEngine.UIElements
{
    public struct CustomStyleProperty<T>
    {
        public CustomStyleProperty(string propertyName)
        {
            if (!propertyName.StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"Custom style property \"{propertyName}\" must start with \"--\" prefix.");
            name = propertyName;
        }

        public string name { get; }
    }

    public interface ICustomStyle
    {
        bool TryGetValue(CustomStyleProperty<float> property, out float value);

        bool TryGetValue(CustomStyleProperty<Color> property, out Color value);

        bool TryGetValue(CustomStyleProperty<string> property, out string value);
    }

    internal sealed class CustomStyle : ICustomStyle
    {
        private readonly Dictionary<string, string> _values;

        public CustomStyle(Dictionary<string, string> values) => _values = values;

        public bool Same(Dictionary<string, string> other) => _values.Count == other.Count && _values.All(pair => other.TryGetValue(pair.Key, out string value) && value == pair.Value);

        public bool TryGetValue(CustomStyleProperty<float> property, out float value)
        {
            value = 0;
            return _values.TryGetValue(property.name, out string text) && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        public bool TryGetValue(CustomStyleProperty<Color> property, out Color value)
        {
            value = default;
            return _values.TryGetValue(property.name, out string text) && TryColor(text, out value);
        }

        public bool TryGetValue(CustomStyleProperty<string> property, out string value) => _values.TryGetValue(property.name, out value);

        private static bool TryColor(string text, out Color color)
        {
            color = default;
            if (text.StartsWith("#", StringComparison.Ordinal) && (text.Length == 7 || text.Length == 9))
            {
                uint bits = uint.Parse(text.Substring(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (text.Length == 7) bits = bits << 8 | 255;
                color = new Color32((byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits);
                return true;
            }
            if (!text.StartsWith("rgb", StringComparison.Ordinal)) return false;
            float[] parts = text.Substring(text.IndexOf('(') + 1).TrimEnd(')').Split(',').Select(part => float.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            color = new Color(parts[0] / 255, parts[1] / 255, parts[2] / 255, parts.Length > 3 ? parts[3] : 1);
            return true;
        }
    }
}
