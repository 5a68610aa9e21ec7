using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using UnityDoubles;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    /// <summary>The serialized fields of an object: read at Update, written back at ApplyModifiedProperties.</summary>
    public class SerializedObject : IDisposable
    {
        private readonly Dictionary<string, object> _values = new Dictionary<string, object>(StringComparer.Ordinal);
        private readonly HashSet<string> _changed = new HashSet<string>(StringComparer.Ordinal);

        public SerializedObject(Object obj)
            : this(new[] { obj })
        {
        }

        public SerializedObject(Object[] objs)
        {
            targetObjects = objs;
            Update();
        }

        public Object targetObject => targetObjects[0];

        public Object[] targetObjects { get; }

        public void Update()
        {
            _changed.Clear();
            foreach (FieldInfo field in Serialization.FieldsOf(targetObject.GetType())) _values[field.Name] = field.GetValue(targetObject);
        }

        public SerializedProperty FindProperty(string propertyPath) => _values.ContainsKey(propertyPath) ? new SerializedProperty(this, propertyPath) : null;

        public bool ApplyModifiedProperties()
        {
            foreach (FieldInfo field in Serialization.FieldsOf(targetObject.GetType()).Where(field => _changed.Contains(field.Name)))
                foreach (Object target in targetObjects) field.SetValue(target, _values[field.Name]);
            bool any = _changed.Count > 0;
            _changed.Clear();
            return any;
        }

        public bool ApplyModifiedPropertiesWithoutUndo() => ApplyModifiedProperties();

        public void Dispose()
        {
        }

        internal object Get(string name) => _values[name];

        internal void Set(string name, object value)
        {
            _values[name] = value;
            _changed.Add(name);
        }
    }

    public class SerializedProperty
    {
        private readonly SerializedObject _owner;

        internal SerializedProperty(SerializedObject owner, string path)
        {
            _owner = owner;
            propertyPath = path;
        }

        public SerializedObject serializedObject => _owner;

        public string propertyPath { get; }

        public string stringValue { get => (string)_owner.Get(propertyPath); set => _owner.Set(propertyPath, value); }

        public int intValue { get => (int)_owner.Get(propertyPath); set => _owner.Set(propertyPath, value); }

        public float floatValue { get => (float)_owner.Get(propertyPath); set => _owner.Set(propertyPath, value); }

        public bool boolValue { get => (bool)_owner.Get(propertyPath); set => _owner.Set(propertyPath, value); }

        public Object objectReferenceValue { get => (Object)_owner.Get(propertyPath); set => _owner.Set(propertyPath, value); }
    }
}
