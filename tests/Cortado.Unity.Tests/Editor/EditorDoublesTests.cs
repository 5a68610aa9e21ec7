using UnityDoubles;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Tests.Editor;

/// <summary>The doubles of the editor behave as Unity's manual says.</summary>
public sealed class EditorDoublesTests : IDisposable
{
    private readonly string _project = Directory.CreateTempSubdirectory("cortado-editor-").FullName;
    private readonly PlayerLoop _loop = new(playing: false);
    private readonly EditorSession _editor;

    public EditorDoublesTests() => _editor = EditorSession.Open(_loop, _project);

    public void Dispose()
    {
        _loop.Dispose();
        Directory.Delete(_project, recursive: true);
    }

    [Fact]
    public void AReloadKeepsSerializedFieldsAndForgetsTheRest()
    {
        ListeningWindow window = EditorWindow.GetWindow<ListeningWindow>("Listening");
        window.Kept = "kept";
        window.Forgotten = "gone";
        window.Heard.Clear();
        int updates = 0;
        EditorApplication.update += () => updates++;
        AssemblyReloadEvents.beforeAssemblyReload += () => window.Heard.Add("before");
        _loop.EditorTick();
        VisualElement old = window.rootVisualElement;
        _loop.ReloadDomain();
        _loop.EditorTick();
        Assert.Equal(1, updates);
        Assert.Equal("kept", window.Kept);
        Assert.Null(window.Forgotten);
        Assert.NotSame(old, window.rootVisualElement);
        // What was heard before the reload is forgotten with the list.
        Assert.Equal(["OnEnable", "CreateGUI"], window.Heard);
        window.Close();
        Assert.True(window == null);
    }

    [Fact]
    public void ASingletonComesBackFromItsFile()
    {
        KeptSettings.instance.Change("x = y\nz", 3, [1, 2]);
        using var other = new PlayerLoop(playing: false);
        EditorSession.Open(other, _project);
        Assert.Equal("x = y\nz", KeptSettings.instance.Text);
        Assert.Equal(3, KeptSettings.instance.Inner.Number);
        Assert.Equal([1, 2], KeptSettings.instance.Numbers);
    }

    [Fact]
    public void ProgressEndsWithTheDomainUnlessItIsUnmanaged()
    {
        int managed = Progress.Start("managed"), unmanaged = Progress.Start("unmanaged", null, Progress.Options.Unmanaged);
        _loop.ReloadDomain();
        Assert.Equal(Progress.Status.Canceled, Progress.GetStatus(managed));
        Assert.Equal(Progress.Status.Running, Progress.GetStatus(unmanaged));
        Progress.Finish(unmanaged);
        Assert.False(Progress.Exists(unmanaged));
    }

    [Fact]
    public void AFileIsImportedAgainWhenWhatItDependsOnChanges()
    {
        Write("Assets/a.other", "nothing");
        Write("Assets/a.doubled", "1");
        AssetDatabase.Refresh();
        Assert.Equal("1 and nothing", AssetDatabase.LoadAssetAtPath<TextAsset>("Assets/a.doubled").text);
        Write("Assets/a.other", "2");
        AssetDatabase.Refresh();
        Assert.Equal("1 and 2", AssetDatabase.LoadAssetAtPath<TextAsset>("Assets/a.doubled").text);
        Assert.Equal("Assets/a.doubled", AssetDatabase.GetAssetPath(AssetDatabase.LoadMainAssetAtPath("Assets/a.doubled")));
        int imports = _editor.Assets.ImportsOf("Assets/a.doubled");
        AssetDatabase.Refresh();
        Assert.Equal(imports, _editor.Assets.ImportsOf("Assets/a.doubled"));
    }

    [Theory]
    [InlineData("<ui:Botton name='a' />", "Botton")]
    [InlineData("<ui:Label txt='a' />", "txt")]
    [InlineData("<ui:Style src='none.uss' />", "none.uss")]
    [InlineData("<ui:Toggle value='yes' />", "yes")]
    public void AWrongDocumentSaysWhere(string element, string word)
    {
        Write("Assets/a.uxml", $"<ui:UXML xmlns:ui='UnityEngine.UIElements'>\n{element}\n</ui:UXML>");
        string message = Assert.Throws<FormatException>(AssetDatabase.Refresh).Message;
        Assert.Contains("a.uxml:2", message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHandReachesOnlyWhatIsSeenAndEnabled()
    {
        Write("Assets/a.uss", ".hidden { display: none; }\n.inner { --tint: #336699; }\n#a > .inner { --tint: #ff0000; }");
        Write("Assets/a.uxml", "<ui:UXML xmlns:ui='UnityEngine.UIElements'><ui:Style src='a.uss' /><ui:VisualElement name='a'><ui:Button name='b' class='inner' /></ui:VisualElement></ui:UXML>");
        AssetDatabase.Refresh();
        ListeningWindow window = EditorWindow.GetWindow<ListeningWindow>();
        AssetDatabase.LoadAssetAtPath<VisualTreeAsset>("Assets/a.uxml").CloneTree(window.rootVisualElement);
        Button button = window.rootVisualElement.Q<Button>("b");
        int clicks = 0;
        Color tint = default;
        button.clicked += () => clicks++;
        button.RegisterCallback<CustomStyleResolvedEvent>(e => e.customStyle.TryGetValue(new CustomStyleProperty<Color>("--tint"), out tint));
        button.Click();
        _loop.EditorTick();
        Assert.Equal((1, Color.red), (clicks, tint));
        button.parent.AddToClassList("hidden");
        Assert.Throws<InvalidOperationException>(() => button.Click());
        button.parent.RemoveFromClassList("hidden");
        button.parent.SetEnabled(false);
        Assert.Throws<InvalidOperationException>(() => button.Click());
        Assert.Null(window.rootVisualElement.Q<Label>("b"));
        Assert.Equal(1, clicks);
    }

    [Fact]
    public void ScheduledWorkRunsWhileItsElementIsInAWindow()
    {
        ListeningWindow window = EditorWindow.GetWindow<ListeningWindow>();
        int runs = 0, values = 0;
        var field = new TextField();
        field.RegisterValueChangedCallback(_ => values++);
        field.value = "silent";
        window.rootVisualElement.Add(field);
        field.schedule.Execute(() => runs++).Every(100);
        for (int i = 0; i < 60; i++) _loop.EditorTick();
        Assert.InRange(runs, 9, 11);
        field.Type("loud");
        Assert.Equal(1, values);
        field.RemoveFromHierarchy();
        int before = runs;
        for (int i = 0; i < 60; i++) _loop.EditorTick();
        Assert.Equal(before, runs);
    }

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(_project, path), text);

    private sealed class ListeningWindow : EditorWindow
    {
        [SerializeField] private string? _kept;

        public string? Kept { get => _kept; set => _kept = value; }

        // A private field, such as a property's, is kept over a reload unless it says so.
        [field: NonSerialized]
        public string? Forgotten { get; set; }

        public List<string> Heard { get; } = [];

        private void OnEnable() => Heard.Add("OnEnable");

        private void CreateGUI() => Heard.Add("CreateGUI");
    }

    [FilePath("Library/Kept.asset", FilePathAttribute.Location.ProjectFolder)]
    private sealed class KeptSettings : ScriptableSingleton<KeptSettings>
    {
        public string? Text;
        public Pair Inner = new();
        public List<int> Numbers = [];

        public void Change(string text, int number, List<int> numbers)
        {
            Text = text;
            Inner.Number = number;
            Numbers = numbers;
            Save(true);
        }

        [Serializable]
        public sealed class Pair
        {
            public int Number;
        }
    }

    [ScriptedImporter(1, "doubled")]
    private sealed class DoubledImporter : ScriptedImporter
    {
        public override void OnImportAsset(AssetImportContext ctx)
        {
            string other = ctx.assetPath.Replace(".doubled", ".other", StringComparison.Ordinal), folder = PlayerLoop.Current.ProjectFolder;
            ctx.DependsOnSourceAsset(other);
            string beside = Path.Combine(folder, other);
            var text = new TextAsset($"{File.ReadAllText(Path.Combine(folder, ctx.assetPath))} and {(File.Exists(beside) ? File.ReadAllText(beside) : "nothing")}");
            ctx.AddObjectToAsset("text", text);
            ctx.SetMainObject(text);
        }
    }
}
