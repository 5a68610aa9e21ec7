using Cortado.Training;
using Cortado.Unity;
using Cortado.Unity.Editor;
using UnityDoubles;
using UnityEditor;
using UnityEngine.UIElements;

namespace Cortado.Demo.Play;

/// <summary>What a hand does in the training window while the belt runs: the panel opens it, and everything else goes by its elements.</summary>
/// <param name="game">The game, which has recorded.</param>
internal sealed class GateTraining(Game game)
{
    private const string Name = "BallOrBox";

    private static EditorTraining Training => EditorTraining.instance;

    public TrainingProgress Progress => Training.Progress;

    public bool HasEnded => !Training.IsActive;

    /// <summary>The held-out accuracy that was measured last; null before the first test.</summary>
    public float? Accuracy
    {
        get
        {
            TestPoint[] tests = Training.History.Tests();
            for (int i = tests.Length - 1; i >= 0; i--)
                if (tests[i].Output == "accuracy") return tests[i].Value;
            return null;
        }
    }

    private TrainingWindow Window => game.Editor.Windows.OfType<TrainingWindow>().Single();

    public VisualElement? Find(string name) => Window.rootVisualElement.Q(name);

    public T Get<T>(string name) where T : VisualElement =>
        Window.rootVisualElement.Q<T>(name) ?? throw new InvalidOperationException($"The training window has no {typeof(T).Name} '{name}'.");

    /// <summary>Presses the panel's button and waits until the window has looked at the files and the pictures.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void Open(CancellationToken cancel)
    {
        game.World.Gui.Press("Open the training window");
        game.World.Frame();
        game.PlayOnScreenUntil(() => Get<Label>("train-summary").text.Length > 0 && (Get<HelpBox>("check-problem").IsShown() || !Get<Label>("check-state").text.EndsWith("...", StringComparison.Ordinal)), cancel);
    }

    /// <summary>Chooses the device and trains.</summary>
    /// <param name="device">What computes: <c>cpu</c>, or <c>auto</c> for the fastest of what there is.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void Start(string device, CancellationToken cancel)
    {
        Get<DropdownField>("device").Choose(device == "cpu" ? "CPU" : "Automatic");
        Get<TextField>("training-name").Type(Name);
        // A new name is a new choice: the window looks again.
        game.PlayOnScreenUntil(() => Get<Button>("train").enabledInHierarchy, cancel);
        Get<Button>("train").Click();
    }

    /// <summary>To be called when it has ended.</summary>
    /// <exception cref="CortadoException">The training failed.</exception>
    public void CheckEnd()
    {
        if (Training.State != TrainingState.Finished) throw new CortadoException($"The training ended too early ({Training.State}): {Training.Problem}");
    }

    /// <summary>Makes an asset of the newest snapshot, by the button in its row.</summary>
    /// <exception cref="CortadoException">There is none, or it could not be made.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public NetworkAsset MakeAsset(CancellationToken cancel)
    {
        string row = FormattableString.Invariant($"snapshot-{Training.Progress.Iteration}");
        game.PlayOnScreenUntil(() => Find(row) != null, cancel);
        Find(row)!.Q<Button>("make-asset").Click();
        var message = Get<HelpBox>("asset-message");
        game.PlayOnScreenUntil(() => !message.text.StartsWith("Writing", StringComparison.Ordinal), cancel);
        return Selection.activeObject as NetworkAsset ?? throw new CortadoException(message.text);
    }
}
