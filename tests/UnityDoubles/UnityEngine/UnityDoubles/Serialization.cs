using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles
{
    /// <summary>Which fields of a script the engine serializes, by its documented rules.</summary>
    public static class Serialization
    {
        private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        /// <summary>The serialized fields of a type, base classes first.</summary>
        public static IEnumerable<FieldInfo> FieldsOf(Type type)
        {
            if (type.BaseType != null && !IsEngineType(type.BaseType))
                foreach (FieldInfo field in FieldsOf(type.BaseType)) yield return field;
            foreach (FieldInfo field in type.GetFields(Own))
                if (IsSerialized(field)) yield return field;
        }

        /// <summary>Whether a field is serialized: public or [SerializeField], not static, const, readonly or [NonSerialized], and of a type that can be.</summary>
        public static bool IsSerialized(FieldInfo field) =>
            !field.IsStatic && !field.IsInitOnly && !field.IsLiteral && !field.IsNotSerialized
            && (field.IsPublic || field.IsDefined(typeof(SerializeField))) && CanSerialize(field.FieldType);

        /// <summary>Whether a type can be serialized.</summary>
        public static bool CanSerialize(Type type)
        {
            if (type.IsArray) return type.GetArrayRank() == 1 && !type.GetElementType().IsArray && CanSerialize(type.GetElementType());
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>)) return CanSerialize(type.GetGenericArguments()[0]);
            if (type.IsPrimitive || type.IsEnum || type == typeof(string) || typeof(Object).IsAssignableFrom(type)) return true;
            if (type.Namespace == "UnityEngine" && type.IsValueType) return true;
            return type.IsSerializable && !type.IsAbstract && type.Namespace != "System" && (type.Namespace?.StartsWith("System.", StringComparison.Ordinal) != true);
        }

        /// <summary>
        /// What a domain reload does to a script's fields. The editor keeps private fields too, where their type can be serialized and they are not [NonSerialized]; a null among them comes back as
        /// an empty text or array. Every other field gets what a new object has.
        /// </summary>
        internal static void Reload(Object target)
        {
            var fresh = (Object)Activator.CreateInstance(target.GetType(), true);
            for (Type at = target.GetType(); at != null && !IsEngineType(at); at = at.BaseType)
                foreach (FieldInfo field in at.GetFields(Own))
                    if (!field.IsLiteral) field.SetValue(target, Survives(field) ? Restored(field, field.GetValue(target)) : field.GetValue(fresh));
            fresh.World.Abandon(fresh);
        }

        private static bool Survives(FieldInfo field) => !field.IsInitOnly && !field.IsNotSerialized && CanSerialize(field.FieldType);

        private static object Restored(FieldInfo field, object value)
        {
            if (value != null) return value;
            if (field.FieldType == typeof(string)) return "";
            return field.FieldType.IsArray ? Array.CreateInstance(field.FieldType.GetElementType(), 0) : null;
        }

        private static bool IsEngineType(Type type) => type == typeof(object) || type.Assembly == typeof(Object).Assembly;
    }
}
