using System.Collections;
using System.Globalization;
using System.Reflection;
using UnityDoubles.Yaml;
using UnityEngine;
using UnityEngine.Events;
using Object = UnityEngine.Object;

namespace UnityDoubles.Loading;

/// <summary>Reads the value of a serialized field.</summary>
/// <param name="resolve">Finds the object of a reference that is not empty.</param>
public sealed class FieldReader(Func<YamlNode, Object?> resolve)
{
    /// <summary>Sets the serialized fields of an object from a mapping. A field that the mapping lacks keeps its value.</summary>
    /// <exception cref="FormatException">A value does not fit its field's type.</exception>
    public void ReadInto(object target, YamlNode body)
    {
        foreach (FieldInfo field in Serialization.FieldsOf(target.GetType()))
        {
            if (body[field.Name] is not { } node) continue;
            try
            {
                object? value = Read(field.FieldType, node);
                if (value is not Unset) field.SetValue(target, value);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
            {
                throw new FormatException($"line {node.Line}: '{node.Text}' does not fit {target.GetType().Name}.{field.Name} of type {field.FieldType.Name}: {error.Message}", error);
            }
        }
    }

    private object? Read(Type type, YamlNode node)
    {
        if (type == typeof(string)) return Scalar(node);
        if (type == typeof(bool)) return Scalar(node) switch { "0" => false, "1" => true, _ => throw new FormatException("expected 0 or 1") };
        if (type.IsEnum) return EnumValue(type, node);
        if (type.IsPrimitive) return Convert.ChangeType(Scalar(node), type, CultureInfo.InvariantCulture);
        if (typeof(Object).IsAssignableFrom(type)) return Reference(type, node);
        if (typeof(UnityEventBase).IsAssignableFrom(type)) return Event(node);
        if (type.IsArray) return ReadArray(type.GetElementType()!, node);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>)) return ReadList(type, node);
        return ReadStruct(type, node);
    }

    private static string Scalar(YamlNode node) => node.Kind == YamlKind.Scalar ? node.Text : throw new FormatException($"expected one value, found a {node.Kind}");

    private static object EnumValue(Type type, YamlNode node)
    {
        object value = Enum.ToObject(type, int.Parse(Scalar(node), CultureInfo.InvariantCulture));
        return Enum.IsDefined(type, value) || type.IsDefined(typeof(FlagsAttribute)) ? value : throw new FormatException($"there is no such {type.Name}");
    }

    private Object? Reference(Type type, YamlNode node)
    {
        if (node["fileID"] == null) throw new FormatException("expected {fileID: ...}");
        if (node.Long("fileID") == 0) return null;
        Object found = resolve(node) ?? throw new FormatException($"nothing is found there: fileID {node.String("fileID")}, guid {node.String("guid")}");
        return type.IsInstanceOfType(found) ? found : throw new FormatException($"it refers to a {found.GetType().Name}");
    }

    // The doubles call nothing that an event names; what matters is that the file has it as the engine writes it.
    private static Unset Event(YamlNode node) =>
        node["m_PersistentCalls"]?["m_Calls"] is { Kind: YamlKind.List } calls && calls.Items.Count == 0 ? default : throw new FormatException("expected m_PersistentCalls with an empty list m_Calls");

    private Array ReadArray(Type element, YamlNode node)
    {
        if (node.Kind != YamlKind.List) throw new FormatException("expected a list");
        var array = Array.CreateInstance(element, node.Items.Count);
        for (int i = 0; i < array.Length; i++) array.SetValue(Read(element, node.Items[i]), i);
        return array;
    }

    private IList ReadList(Type type, YamlNode node)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        foreach (object? item in ReadArray(type.GetGenericArguments()[0], node)) list.Add(item);
        return list;
    }

    private object ReadStruct(Type type, YamlNode node)
    {
        if (node.Kind != YamlKind.Map) throw new FormatException("expected a mapping");
        object made = Activator.CreateInstance(type, true)!;
        if (type == typeof(Rect)) return new Rect(node.Float("x"), node.Float("y"), node.Float("width"), node.Float("height"));
        foreach (FieldInfo field in Serialization.FieldsOf(type).Concat(type.Namespace == "UnityEngine" ? type.GetFields(BindingFlags.Public | BindingFlags.Instance) : []))
            field.SetValue(made, Read(field.FieldType, node[field.Name] ?? throw new FormatException($"it has no {field.Name}")));
        return made;
    }

    private readonly struct Unset;
}
