using System;
using System.Collections.Generic;
using System.Linq;

namespace UnityEngine.UIElements
{
    /// <summary>Which values an element takes from its sheets: the more special selector goes before, of equals the later.</summary>
    internal static class StyleResolver
    {
        /// <summary>Custom properties of the element's own rules; whether the engine gives inherited ones to a script is not documented.</summary>
        public static Dictionary<string, string> Custom(VisualElement element)
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (KeyValuePair<string, string> pair in Of(element))
                if (pair.Key.StartsWith("--", StringComparison.Ordinal)) values.Add(pair.Key, pair.Value);
            return values;
        }

        /// <summary>Whether the element itself is not hidden.</summary>
        public static bool IsDisplayed(VisualElement element) =>
            element.visible && !((InlineStyle)element.style).HidesItself && !(Of(element).TryGetValue("display", out string display) && display == "none");

        /// <summary>Whether a person sees it: neither it nor anything around it is hidden.</summary>
        public static bool IsShown(VisualElement element)
        {
            for (VisualElement at = element; at != null; at = at.parent)
                if (!IsDisplayed(at)) return false;
            return true;
        }

        private static Dictionary<string, string> Of(VisualElement element)
        {
            var found = new List<(int Weight, StyleDeclaration Declaration)>();
            for (VisualElement at = element; at != null; at = at.parent)
                foreach (StyleSheet sheet in at.Sheets)
                    foreach (StyleRule rule in sheet.Rules)
                        foreach (SelectorPart[] selector in rule.Selectors)
                            if (Matches(element, selector, selector.Length - 1)) found.AddRange(rule.Declarations.Select(declaration => (Weight(selector), declaration)));
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach ((int _, StyleDeclaration declaration) in found.OrderBy(entry => entry.Weight)) values[declaration.Property] = declaration.Value;
            return values;
        }

        private static bool Matches(VisualElement element, SelectorPart[] selector, int part)
        {
            if (!Matches(element, selector[part])) return false;
            if (part == 0) return true;
            for (VisualElement above = element.parent; above != null; above = above.parent)
            {
                if (Matches(above, selector, part - 1)) return true;
                if (selector[part].Child) return false;
            }
            return false;
        }

        private static bool Matches(VisualElement element, SelectorPart part) =>
            (part.Type.Length == 0 || part.Type == "*" || part.Type == element.GetType().Name)
            && (part.Name.Length == 0 || part.Name == element.name)
            && part.Classes.All(element.ClassListContains)
            && part.States.All(state => state == "root" ? element.parent == null : state == "enabled" ? element.enabledInHierarchy : state == "disabled" && !element.enabledInHierarchy);

        private static int Weight(SelectorPart[] selector) =>
            selector.Sum(part => (part.Name.Length > 0 ? 10000 : 0) + 100 * (part.Classes.Count + part.States.Count) + (part.Type.Length > 0 && part.Type != "*" ? 1 : 0));
    }
}
