using UnityDoubles.Yaml;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityDoubles.Loading;

/// <summary>Reads a material's shader and properties.</summary>
internal static class MaterialReader
{
    public static Material Read(YamlNode body, Func<YamlNode, Object?> resolve)
    {
        var material = new Material((Shader)resolve(body["m_Shader"]!)!) { name = body.String("m_Name") };
        foreach (YamlNode keyword in body["m_ValidKeywords"]?.Items ?? []) material.EnableKeyword(keyword.Text);
        YamlNode saved = body["m_SavedProperties"]!;
        foreach ((string name, YamlNode texture) in Properties(saved, "m_TexEnvs"))
        {
            if (resolve(texture["m_Texture"]!) is Texture loaded) material.SetTexture(name, loaded);
            if (name != "_MainTex") continue;
            material.mainTextureScale = new Vector2(texture["m_Scale"]!.Float("x"), texture["m_Scale"]!.Float("y"));
            material.mainTextureOffset = new Vector2(texture["m_Offset"]!.Float("x"), texture["m_Offset"]!.Float("y"));
        }
        foreach ((string name, YamlNode value) in Properties(saved, "m_Floats")) material.SetFloat(name, float.Parse(value.Text, System.Globalization.CultureInfo.InvariantCulture));
        foreach ((string name, YamlNode value) in Properties(saved, "m_Colors")) material.SetColor(name, ColorOf(value));
        return material;
    }

    public static Color ColorOf(YamlNode node) => new(node.Float("r"), node.Float("g"), node.Float("b"), node.Float("a"));

    // A list of mappings with one field each.
    private static IEnumerable<KeyValuePair<string, YamlNode>> Properties(YamlNode saved, string kind) =>
        (saved[kind]?.Items ?? []).SelectMany(entry => entry.Fields);
}
