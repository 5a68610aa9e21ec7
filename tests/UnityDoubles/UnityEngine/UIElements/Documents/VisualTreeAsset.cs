using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace UnityEngine.UIElements
{
    public class TemplateContainer : BindableElement
    {
        public string templateId { get; internal set; } = "";
    }

    /// <summary>A UXML document. An element or an attribute that the engine does not know is an error here, with its line.</summary>
    public class VisualTreeAsset : ScriptableObject
    {
        private static readonly string[] Assemblies = { "UnityEngine", "UnityEditor" };

        private XElement _document;
        private string _path;
        private Func<string, StyleSheet> _sheets;

        public TemplateContainer Instantiate()
        {
            var container = new TemplateContainer { name = name };
            CloneTree(container);
            return container;
        }

        public TemplateContainer CloneTree() => Instantiate();

        public void CloneTree(VisualElement target)
        {
            foreach (XElement child in _document.Elements()) Build(child, target);
        }

        internal static VisualTreeAsset Parse(string text, string path, Func<string, StyleSheet> sheets)
        {
            VisualTreeAsset asset = CreateInstance<VisualTreeAsset>();
            asset._document = XDocument.Parse(text, LoadOptions.SetLineInfo).Root;
            asset._path = path;
            asset._sheets = sheets;
            if (asset._document.Name.LocalName != "UXML") throw asset.Error(asset._document, "the outermost element is not UXML");
            asset.CloneTree(new VisualElement());
            return asset;
        }

        private void Build(XElement from, VisualElement parent)
        {
            if (from.Name.LocalName == "Style")
            {
                string source = (string)from.Attribute("src") ?? throw Error(from, "a Style without src");
                string sheet = source.StartsWith("/", StringComparison.Ordinal) ? source.Substring(1) : Path.GetDirectoryName(_path).Replace('\\', '/') + "/" + source;
                parent.styleSheets.Add(_sheets(sheet) ?? throw Error(from, $"there is no style sheet {sheet}"));
                return;
            }
            VisualElement element = Create(from);
            foreach (XAttribute attribute in from.Attributes())
            {
                if (attribute.IsNamespaceDeclaration || attribute.Name.NamespaceName.Length > 0) continue;
                bool known;
                try
                {
                    known = element.SetAttribute(attribute.Name.LocalName, attribute.Value);
                }
                catch (Exception error) when (error is FormatException || error is ArgumentException)
                {
                    throw Error(from, $"{attribute.Name} = '{attribute.Value}': {error.Message}");
                }
                if (!known) throw Error(from, $"{from.Name.LocalName} has no attribute '{attribute.Name}'");
            }
            parent.Add(element);
            foreach (XElement child in from.Elements()) Build(child, element);
        }

        private VisualElement Create(XElement from)
        {
            string type = from.Name.NamespaceName + "." + from.Name.LocalName;
            foreach (string assembly in Assemblies)
                if (Type.GetType($"{type}, {assembly}") is Type found && typeof(VisualElement).IsAssignableFrom(found)) return (VisualElement)Activator.CreateInstance(found);
            throw Error(from, $"there is no element {type}");
        }

        private FormatException Error(XElement at, string what) => new FormatException($"{_path}:{((IXmlLineInfo)at).LineNumber}: {what}.");
    }
}
