using System;
using System.Collections.Generic;
using System.Reflection;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>Instantiate: copies serialized fields, and turns references inside what is copied to the copies.</summary>
    internal static class Cloning
    {
        public static T Clone<T>(T original, Transform parent, (Vector3 Position, Quaternion Rotation)? place) where T : Object
        {
            if (original == null) throw new ArgumentException("The Object you want to instantiate is null.");
            if (original is ScriptableObject)
            {
                Object copy = ScriptableObject.CreateInstance(original.GetType());
                copy.name = original.name + "(Clone)";
                CopyFields(original, copy, new Dictionary<Object, Object>());
                return (T)copy;
            }
            GameObject source = original is Component component ? component.gameObject : original as GameObject;
            if (source is null) throw new NotSupportedException($"The double cannot instantiate a {original.GetType().Name}.");
            var copies = new Dictionary<Object, Object>();
            var made = new List<Component>();
            GameObject clone = CloneTree(source, copies, made);
            clone.name = source.name + "(Clone)";
            if (parent != null) clone.transform.SetParent(parent, false);
            if (place is { } at) clone.transform.SetPositionAndRotation(at.Position, at.Rotation);
            foreach (KeyValuePair<Object, Object> pair in copies)
                if (pair.Key is Component) CopyFields(pair.Key, pair.Value, copies);
            foreach (Component added in made) added.World.Awaken(added);
            return (T)copies[original];
        }

        private static GameObject CloneTree(GameObject source, Dictionary<Object, Object> copies, List<Component> made)
        {
            var clone = new GameObject(source.name) { layer = source.layer, tag = source.tag };
            if (!source.activeSelf) clone.SetActive(false);
            copies.Add(source, clone);
            Transform from = source.transform, to = clone.transform;
            copies.Add(from, to);
            (to.localPosition, to.localRotation, to.localScale) = (from.localPosition, from.localRotation, from.localScale);
            foreach (Component component in source.Components)
            {
                if (component is Transform) continue;
                Component copy = clone.AddWithoutAwake(component.GetType());
                copies.Add(component, copy);
                made.Add(copy);
            }
            foreach (Transform child in from.Children) CloneTree(child.gameObject, copies, made).transform.SetParent(to, false);
            return clone;
        }

        private static void CopyFields(Object from, Object to, Dictionary<Object, Object> copies)
        {
            if (from is Behaviour behaviour) ((Behaviour)to).enabled = behaviour.enabled;
            from.CopyEngineState(to);
            foreach (FieldInfo field in Serialization.FieldsOf(from.GetType())) field.SetValue(to, Copy(field.GetValue(from), copies));
        }

        private static object Copy(object value, Dictionary<Object, Object> copies)
        {
            if (value is Object reference) return !(reference is null) && copies.TryGetValue(reference, out Object copy) ? copy : value;
            if (value is Array array)
            {
                var copied = (Array)array.Clone();
                for (int i = 0; i < copied.Length; i++) copied.SetValue(Copy(copied.GetValue(i), copies), i);
                return copied;
            }
            return value;
        }
    }
}
