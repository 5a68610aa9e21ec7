using System;
using System.Collections.Generic;

namespace UnityEngine.UIElements
{
    public class StyleSheet : ScriptableObject
    {
        internal List<StyleRule> Rules { get; private set; } = new List<StyleRule>();

        /// <summary>Reads a sheet. A property that Unity does not know, or a selector that cannot be read, is an error: the engine would only warn.</summary>
        internal static StyleSheet Parse(string text, string path)
        {
            StyleSheet sheet = CreateInstance<StyleSheet>();
            sheet.Rules = StyleParser.Rules(text, path);
            return sheet;
        }
    }

    public struct VisualElementStyleSheetSet
    {
        private readonly VisualElement _element;

        internal VisualElementStyleSheetSet(VisualElement element) => _element = element;

        public int count => _element.Sheets.Count;

        public StyleSheet this[int index] => _element.Sheets[index];

        public void Add(StyleSheet styleSheet)
        {
            if (styleSheet == null) throw new ArgumentNullException(nameof(styleSheet));
            _element.Sheets.Add(styleSheet);
        }

        public void Clear() => _element.Sheets.Clear();

        public bool Contains(StyleSheet styleSheet) => _element.Sheets.Contains(styleSheet);
    }

    internal sealed class StyleDeclaration
    {
        public string Property, Value;
    }

    internal sealed class StyleRule
    {
        /// <summary>Selectors, each a chain of parts from the outermost in.</summary>
        public List<SelectorPart[]> Selectors = new List<SelectorPart[]>();

        public List<StyleDeclaration> Declarations = new List<StyleDeclaration>();
    }

    /// <summary>A part of a selector: type, name, classes and pseudo-classes of one element.</summary>
    internal sealed class SelectorPart
    {
        public string Type, Name;
        public List<string> Classes = new List<string>(), States = new List<string>();
        public bool Child;
    }
}
