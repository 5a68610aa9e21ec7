using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace UnityEngine.UIElements
{
    /// <summary>Reads USS: rules of simple selectors, descendants and children, with the properties of Unity's USS reference.</summary>
    internal static class StyleParser
    {
        private static readonly HashSet<string> Known = new HashSet<string>((
            "align-content align-items align-self all aspect-ratio background-color background-image background-position background-position-x background-position-y background-repeat background-size " +
            "border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-width border-color border-left-color border-left-width border-radius border-right-color border-right-width " +
            "border-top-color border-top-left-radius border-top-right-radius border-top-width border-width bottom color cursor display flex flex-basis flex-direction flex-grow flex-shrink flex-wrap font-size " +
            "height justify-content left letter-spacing margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width opacity overflow padding padding-bottom padding-left " +
            "padding-right padding-top position right rotate scale text-overflow text-shadow top transform-origin transition transition-delay transition-duration transition-property transition-timing-function " +
            "translate -unity-background-image-tint-color -unity-background-scale-mode -unity-font -unity-font-definition -unity-font-style -unity-overflow-clip-box -unity-paragraph-spacing -unity-slice-bottom " +
            "-unity-slice-left -unity-slice-right -unity-slice-scale -unity-slice-top -unity-text-align -unity-text-outline -unity-text-outline-color -unity-text-outline-width -unity-text-overflow-position " +
            "visibility white-space width word-spacing").Split(' '), StringComparer.Ordinal);

        private static readonly Regex Part = new Regex(@"^(?<type>[A-Za-z_][\w]*|\*)?(?:#(?<name>[\w-]+))?(?:\.(?<class>[\w-]+))*(?:#(?<name2>[\w-]+))?(?::(?<state>[a-z]+))*$");

        public static List<StyleRule> Rules(string text, string path)
        {
            var rules = new List<StyleRule>();
            text = Regex.Replace(text, @"/\*.*?\*/", match => new string('\n', match.Value.Count(c => c == '\n')), RegexOptions.Singleline);
            for (int at = 0; ;)
            {
                int open = text.IndexOf('{', at);
                if (open < 0)
                {
                    if (text.Substring(at).Trim().Length > 0) throw Error(path, text, at, "a rule without braces");
                    return rules;
                }
                int close = text.IndexOf('}', open);
                if (close < 0) throw Error(path, text, open, "a brace that is not closed");
                var rule = new StyleRule();
                foreach (string selector in text.Substring(at, open - at).Split(',')) rule.Selectors.Add(Selector(selector.Trim(), path, text, open));
                rule.Declarations.AddRange(Declarations(text.Substring(open + 1, close - open - 1), $"{path}:{LineOf(text, open)}"));
                rules.Add(rule);
                at = close + 1;
            }
        }

        public static IEnumerable<StyleDeclaration> Declarations(string text, string path)
        {
            foreach (string part in text.Split(';'))
            {
                if (part.Trim().Length == 0) continue;
                int colon = part.IndexOf(':');
                if (colon < 0) throw new FormatException($"{path}: '{part.Trim()}' is no declaration.");
                string property = part.Substring(0, colon).Trim(), value = part.Substring(colon + 1).Trim();
                if (!property.StartsWith("--", StringComparison.Ordinal) && !Known.Contains(property)) throw new FormatException($"{path}: USS has no property '{property}'.");
                if (value.Length == 0) throw new FormatException($"{path}: '{property}' has no value.");
                yield return new StyleDeclaration { Property = property, Value = value };
            }
        }

        private static SelectorPart[] Selector(string text, string path, string whole, int at)
        {
            var parts = new List<SelectorPart>();
            bool child = false;
            foreach (string piece in Regex.Replace(text, @"\s*>\s*", " > ").Split(new[] { ' ', '\n', '\r', '\t' }, StringSplitOptions.RemoveEmptyEntries))
            {
                if (piece == ">")
                {
                    child = true;
                    continue;
                }
                Match match = Part.Match(piece);
                if (!match.Success) throw Error(path, whole, at, $"the selector '{piece}'");
                var part = new SelectorPart { Child = child, Type = match.Groups["type"].Value, Name = match.Groups["name"].Value + match.Groups["name2"].Value };
                foreach (Capture capture in match.Groups["class"].Captures) part.Classes.Add(capture.Value);
                foreach (Capture capture in match.Groups["state"].Captures) part.States.Add(capture.Value);
                parts.Add(part);
                child = false;
            }
            if (parts.Count == 0) throw Error(path, whole, at, "a rule without a selector");
            return parts.ToArray();
        }

        private static FormatException Error(string path, string text, int at, string what) => new FormatException($"{path}:{LineOf(text, at)}: {what}.");

        private static int LineOf(string text, int at) => text.Take(at).Count(c => c == '\n') + 1;
    }
}
