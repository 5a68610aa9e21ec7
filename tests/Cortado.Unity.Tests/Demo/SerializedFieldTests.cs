using UnityDoubles;
using UnityDoubles.Loading;
using UnityDoubles.Yaml;
using UnityEngine;

namespace Cortado.Unity.Tests.Demo;

/// <summary>What files say of scripts fits the scripts: a field that is missing or misspelt would silently keep its default.</summary>
public sealed class SerializedFieldTests
{
    private const int Script = 114;

    // What the engine itself writes into every script.
    private static readonly string[] Own =
    [
        "m_ObjectHideFlags", "m_CorrespondingSourceObject", "m_PrefabInstance", "m_PrefabAsset", "m_GameObject", "m_Enabled", "m_EditorHideFlags", "m_Script", "m_Name", "m_EditorClassIdentifier",
    ];

    [Fact]
    public void Every_script_in_a_file_has_exactly_its_class_s_fields()
    {
        AssetIndex index = DemoProject.Index();
        Dictionary<string, Type> classes = DemoProject.Scripts().ToDictionary(type => type.Name);
        var seen = new HashSet<Type>();
        foreach (AssetFile file in DemoProject.TextAssets())
            foreach (AssetObject script in file.Objects.Where(o => o.ClassId == Script))
            {
                string path = index.PathOf(script.Body["m_Script"]!.String("guid"))!;
                Type type = classes[Path.GetFileNameWithoutExtension(path)];
                IEnumerable<string> fields = Serialization.FieldsOf(type).Select(field => field.Name);
                Assert.Equal(fields.Order(), script.Body.Fields.Select(field => field.Key).Except(Own).Order());
                seen.Add(type);
            }
        Assert.Superset(new HashSet<Type> { typeof(Cortado.Demo.Belt), typeof(Cortado.Demo.Item), typeof(ImageClassifier), typeof(DatasetRecorder) }, seen);
    }

    [Fact]
    public void Every_value_fits_its_field_and_no_reference_is_empty_but_the_network()
    {
        using var loop = new PlayerLoop();
        DemoProject.Play(loop);
        string[] empty = [.. loop.Objects.OfType<MonoBehaviour>()
            .SelectMany(script => Serialization.FieldsOf(script.GetType())
                .Where(field => typeof(UnityEngine.Object).IsAssignableFrom(field.FieldType) && field.GetValue(script) is not UnityEngine.Object { } found)
                .Select(field => $"{script.GetType().Name}.{field.Name}"))];
        Assert.Equal(["DatasetRecorder._sourceCamera", "ImageClassifier._network", "ImageClassifier._sourceCamera"], empty.Distinct().Order());
        Assert.Empty(loop.Log.Entries);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_an_error_with_its_line()
    {
        YamlNode body = YamlNode.Map(1);
        body.Add("_wanted", YamlNode.Scalar("many", 12));
        using var loop = new PlayerLoop();
        var teacher = new GameObject("it").AddComponent<Wanting>();
        FormatException error = Assert.Throws<FormatException>(() => new FieldReader(_ => null).ReadInto(teacher, body));
        Assert.Contains("line 12: 'many' does not fit Wanting._wanted", error.Message, StringComparison.Ordinal);
    }

    private sealed class Wanting : MonoBehaviour
    {
        [SerializeField] private int _wanted = 1;

        public int Wanted => _wanted;
    }
}
