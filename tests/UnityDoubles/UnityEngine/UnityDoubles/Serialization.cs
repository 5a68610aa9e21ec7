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

        /// <summary>Gives every field that is not serialized the value that a new object has, as a domain reload does.</summary>
        internal static void ForgetRest(Object target)
        {
            object fresh = System.Runtime.Serialization.FormatterServices.GetUninitializedObject(target.GetType());
            for (Type at = target.GetType(); at != null && !IsEngineType(at); at = at.BaseType)
                foreach (FieldInfo field in at.GetFields(Own))
                    if (!IsSerialized(field) && !field.IsLiteral && !field.IsStatic) field.SetValue(target, Initial(target.GetType(), field, fresh));
        }

        // Field initializers and constructors run in the new domain as they did in the old one.
        private static object Initial(Type type, FieldInfo field, object blank)
        {
            object made = Fresh.Of(type);
            return field.GetValue(made ?? blank);
        }

        private static bool IsEngineType(Type type) => type == typeof(object) || type.Assembly == typeof(Object).Assembly;

        private static class Fresh
        {
            public static object Of(Type type)
            {
                var made = (Object)Activator.CreateInstance(type, true);
                made.World.Abandon(made);
                return made;
            }
        }
    }
}
