using System.Diagnostics;
using Cortado.Unity;
using UnityDoubles;
using UnityDoubles.Loading;
using UnityDoubles.SoftwareRendering;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Cortado.Demo.Play;

/// <summary>
/// The scene, loaded from its file and played frame by frame. What it records goes into a folder of its own, not into the project. As long as the gate waits for an
/// answer, a frame takes as long as it would on a screen; else frames follow one another as fast as they can.
/// </summary>
internal sealed class Game : IDisposable
{
    private readonly List<double> _frameMilliseconds = [];

    /// <summary>Loads the scene.</summary>
    /// <param name="folder">Gets recordings, networks and trainings, as the project's folder would.</param>
    public Game(string folder)
    {
        Folder = folder;
        CopyNetworks();
        World = new PlayerLoop { ProjectFolder = folder };
        World.Gpu.ColorSpace = ColorSpace.Gamma;
        World.Gpu.Renderer = Renderer;
        Editor = EditorSession.Open(World, folder);
        IEnumerable<Type> scripts = new[] { typeof(Belt), typeof(ImageClassifier) }.SelectMany(type => type.Assembly.GetTypes()).Where(type => typeof(Object).IsAssignableFrom(type));
        new ProjectLoader(new AssetIndex(ProjectPath.Assets, ProjectPath.Package), scripts).LoadScene(Path.Combine(ProjectPath.Assets, "Scenes", "SortingGate.unity"));
        Belt = Object.FindAnyObjectByType<Belt>();
        Gate = Object.FindAnyObjectByType<SortingGate>();
        Teacher = Object.FindAnyObjectByType<Teacher>();
        Board = Object.FindAnyObjectByType<ScoreBoard>();
        Panel = Object.FindAnyObjectByType<Panel>();
        Files = Object.FindAnyObjectByType<AskersFiles>();
        Classifier = Object.FindAnyObjectByType<ImageClassifier>();
        Gate.Sorted += (item, asked) => Sorted?.Invoke(item, asked);
        World.Frame();
    }

    /// <summary>An item was sent to a side; whether the network had answered.</summary>
    public event Action<Item, bool>? Sorted;

    public string Folder { get; }

    public PlayerLoop World { get; }

    /// <summary>The editor that the game is played in.</summary>
    public EditorSession Editor { get; }

    public CameraRenderer Renderer { get; } = new();

    public Belt Belt { get; }

    public SortingGate Gate { get; }

    public Teacher Teacher { get; }

    public ScoreBoard Board { get; }

    public Panel Panel { get; }

    public AskersFiles Files { get; }

    public ImageClassifier Classifier { get; }

    /// <summary>How long each frame took by the clock on the wall, those that had an answer under way: with all that this machine computes in the graphics device's place.</summary>
    public IReadOnlyList<double> FrameMilliseconds => _frameMilliseconds;

    /// <summary>Whether the network is to answer for an item on its way to the gate.</summary>
    public bool IsAsking => Gate.Network != null && Classifier.IsReady && Belt.Riding.Any(item => item.Answer < 0 && item.Side == 0 && item.transform.position.x >= EyeAt);

    /// <summary>Whether an item lies where the eye sees it best.</summary>
    public bool IsBeforeEye(Item item) => Math.Abs(item.transform.position.x - EyeAt) < 0.1f;

    private float EyeAt => Classifier.transform.position.x;

    /// <summary>Plays frames until something has happened.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void PlayUntil(Func<bool> happened, CancellationToken cancel = default) => Play(happened, onScreen: false, cancel);

    /// <summary>Plays frames at the screen's rate until something has happened.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void PlayOnScreenUntil(Func<bool> happened, CancellationToken cancel) => Play(happened, onScreen: true, cancel);

    private void Play(Func<bool> happened, bool onScreen, CancellationToken cancel)
    {
        while (!happened())
        {
            cancel.ThrowIfCancellationRequested();
            bool paced = onScreen || IsAsking || (Gate.Network != null && !Classifier.IsReady);
            long start = Stopwatch.GetTimestamp();
            World.Frame();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            if (!paced) continue;
            _frameMilliseconds.Add(took.TotalMilliseconds);
            TimeSpan rest = TimeSpan.FromSeconds(World.Time.FrameSeconds) - took;
            if (rest > TimeSpan.Zero) Thread.Sleep(rest);
        }
    }

    /// <summary>Plays until so many more items were sorted; gives how many of them went the right way.</summary>
    public int PlayItems(int count, CancellationToken cancel = default)
    {
        int done = 0, right = 0;
        void Count(Item item, bool asked)
        {
            done++;
            if (item.Side == (item.Label == 0 ? -1 : 1)) right++;
        }
        Sorted += Count;
        PlayUntil(() => done >= count, cancel);
        Sorted -= Count;
        return right;
    }

    public void Dispose() => World.Dispose();

    // The solver names the recordings by where they lie from it, so that it is copied to where they will be.
    private void CopyNetworks()
    {
        string from = Path.Combine(ProjectPath.Assets, "Networks");
        foreach (string file in Directory.EnumerateFiles(from, "*.prototxt", SearchOption.AllDirectories))
        {
            string to = Path.Combine(Folder, "Assets", "Networks", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, true);
        }
    }
}
