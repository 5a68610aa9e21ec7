using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace UnityDoubles
{
    /// <summary>An object's serialized fields as lines <c>path=value</c>: what the doubles keep in files where the editor keeps YAML. References to other objects are not kept.</summary>
    internal static class FieldText
    {
        public static string Write(object target)
        {
            var text = new StringBuilder();
            WriteFields(text, "", target);
            return text.ToString();
        }

        public static void Read(object target, string text)
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string line in text.Split('\n'))
                if (line.IndexOf('=') is int at && at > 0) values[line.Substring(0, at)] = Uri.UnescapeDataString(line.Substring(at + 1));
            ReadFields(values, "", target);
        }

        private static void WriteFields(StringBuilder text, string path, object target)
        {
            foreach (FieldInfo field in Serialization.FieldsOf(target.GetType())) WriteValue(text, path + field.Name, field.FieldType, field.GetValue(target));
        }

        private static void WriteValue(StringBuilder text, string path, Type type, object value)
        {
            if (typeof(UnityEngine.Object).IsAssignableFrom(type)) return;
            if (IsPlain(type))
            {
                text.Append(path).Append('=').Append(Uri.EscapeDataString(Convert.ToString(type.IsEnum ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : value, CultureInfo.InvariantCulture) ?? "")).Append('\n');
                return;
            }
            if (ElementOf(type) is Type element)
            {
                var list = (IList)value;
                text.Append(path).Append("=").Append(list?.Count ?? 0).Append('\n');
                for (int i = 0; i < (list?.Count ?? 0); i++) WriteValue(text, $"{path}[{i}]", element, list[i]);
                return;
            }
            WriteFields(text, path + ".", value ?? Activator.CreateInstance(type));
        }

        private static void ReadFields(Dictionary<string, string> values, string path, object target)
        {
            foreach (FieldInfo field in Serialization.FieldsOf(target.GetType()))
                if (ReadValue(values, path + field.Name, field.FieldType) is object value) field.SetValue(target, value);
        }

        private static object ReadValue(Dictionary<string, string> values, string path, Type type)
        {
            if (typeof(UnityEngine.Object).IsAssignableFrom(type)) return null;
            if (IsPlain(type))
            {
                if (!values.TryGetValue(path, out string text)) return null;
                return type.IsEnum ? Enum.ToObject(type, long.Parse(text, CultureInfo.InvariantCulture)) : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
            }
            if (ElementOf(type) is Type element)
            {
                if (!values.TryGetValue(path, out string count)) return null;
                Array items = Array.CreateInstance(element, int.Parse(count, CultureInfo.InvariantCulture));
                for (int i = 0; i < items.Length; i++) items.SetValue(ReadValue(values, $"{path}[{i}]", element), i);
                return type.IsArray ? items : Activator.CreateInstance(type, items);
            }
            object made = Activator.CreateInstance(type);
            ReadFields(values, path + ".", made);
            return made;
        }

        private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string);

        private static Type ElementOf(Type type) => type.IsArray ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[0] : null;
    }
}
