using System;
using System.Linq;
using System.Reflection;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine;
using UnityEngine.UIElements;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>The inspector as a person sees it: closed when it is disposed.</summary>
    public sealed class Inspection : IDisposable
    {
        private readonly EditorSession _session;

        internal Inspection(EditorSession session, Editor editor)
        {
            _session = session;
            Editor = editor;
            VisualElement content = null;
            session.Loop.Guard(() => content = editor.CreateInspectorGUI(), editor);
            Root = new VisualElement { name = "inspector" };
            if (content != null) Root.Add(content);
            Root.EnsurePanel(session.Loop, new Rect(0, 0, 400, 900));
            session.Inspections.Add(this);
        }

        /// <summary>The editor.</summary>
        public Editor Editor { get; }

        /// <summary>What it shows.</summary>
        public VisualElement Root { get; }

        /// <summary>Closes the inspector.</summary>
        public void Dispose()
        {
            _session.Inspections.Remove(this);
            Root.DropPanel();
            Object.DestroyImmediate(Editor);
        }
    }

    public sealed partial class EditorSession
    {
        internal System.Collections.Generic.List<Inspection> Inspections { get; } = new System.Collections.Generic.List<Inspection>();

        /// <summary>Selects an object.</summary>
        public Inspection Inspect(Object target) => new Inspection(this, Editor.CreateEditor(target));

        /// <summary>Selects a file of the project: the importer's inspector, or the main object's where the importer has none.</summary>
        public Inspection Inspect(string assetPath)
        {
            AssetImporter importer = Assets.ImporterOf(assetPath);
            if (importer != null && EditorFor(importer.GetType()) is Type type) return new Inspection(this, Editor.CreateEditor(importer, type));
            return Inspect(AssetDatabase.LoadMainAssetAtPath(assetPath));
        }

        internal static Type EditorFor(Type target) => ScriptTypes().FirstOrDefault(type => type.GetCustomAttributes<CustomEditor>().Any(editor =>
            editor.InspectedType == target || (editor.ForChildren && editor.InspectedType.IsAssignableFrom(target))));
    }
}
