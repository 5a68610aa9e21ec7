using System;
using UnityDoubles;
using UnityEngine;
using UnityEngine.UIElements;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    public class Editor : ScriptableObject
    {
        private SerializedObject _serialized;

        public Object target => targets[0];

        public Object[] targets { get; internal set; }

        public SerializedObject serializedObject => _serialized ??= new SerializedObject(targets);

        public static Editor CreateEditor(Object targetObject) => CreateEditor(targetObject, null);

        public static Editor CreateEditor(Object targetObject, Type editorType)
        {
            Type type = editorType ?? EditorSession.EditorFor(targetObject.GetType()) ?? typeof(Editor);
            PlayerLoop loop = PlayerLoop.Current;
            var made = (Editor)Activator.CreateInstance(type, true);
            made.targets = new[] { targetObject };
            loop.Awaken(made);
            return made;
        }

        public virtual VisualElement CreateInspectorGUI() => null;

        public virtual void OnInspectorGUI()
        {
        }

        public virtual bool RequiresConstantRepaint() => false;

        public void Repaint()
        {
        }
    }
}
