using Cortado.Data;
using Cortado.Lmdb;
using Cortado.Tests;
using Cortado.Training;
using Cortado.Unity.Editor;
using UnityDoubles;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Tests.Editor;

/// <summary>A project that is open in the editor, with two small databases of dark and bright pictures, and what a person does in the training window.</summary>
internal sealed class EditorProject : IDisposable
{
    public const double Patience = 40;

    public EditorProject(int pictureSize = 20, string? folder = null)
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("cortado-project-").FullName;
        Loop = new PlayerLoop(playing: false);
        Editor = EditorSession.Open(Loop, Folder);
        if (folder != null) return;
        Database(TrainDatabase, 60, pictureSize, 1);
        Database(TestDatabase, 20, pictureSize, 2);
        File.WriteAllLines(Path.Combine(Folder, "data", "labels.txt"), ["dark", "bright"]);
    }

    public string Folder { get; }

    public PlayerLoop Loop { get; }

    public EditorSession Editor { get; }

    public string TrainDatabase => Path.Combine(Folder, "data", "train_lmdb");

    public string TestDatabase => Path.Combine(Folder, "data", "val_lmdb");

    public static EditorTraining Training => EditorTraining.instance;

    public TrainingWindow Window => Editor.Windows.OfType<TrainingWindow>().Single();

    public T Get<T>(string name) where T : VisualElement =>
        Window.rootVisualElement.Q<T>(name) ?? throw new InvalidOperationException($"There is no {typeof(T).Name} '{name}'.");

    public void Click(string name) => Get<Button>(name).Click();

    /// <summary>Opens the window from the menu and chooses by hand.</summary>
    public void Choose(string network, int iterations, string device = "CPU")
    {
        Assert.True(EditorApplication.ExecuteMenuItem("Window/Cortado/Training"));
        Get<DropdownField>("template").Choose(network);
        Get<TextField>("train-database").Type(TrainDatabase);
        Get<TextField>("test-database").Type(TestDatabase);
        Get<DropdownField>("device").Choose(device);
        Get<IntegerField>("max-iterations").Type(iterations);
        Tick();
    }

    public void Tick() => Loop.EditorTick();

    /// <summary>Ticks until the window has refreshed itself once more, and has looked at the disk.</summary>
    public void Settle()
    {
        for (int i = 0; i < 80; i++) Tick();
    }

    public void Until(Func<bool> met, string what)
    {
        if (Loop.RunUntil(() => met() || Loop.Log.Errors.Count > 0, Patience) && Loop.Log.Errors.Count == 0) return;
        string state = $"{Training.State}, {Training.Problem}, {Training.Progress}";
        Assert.Fail($"Waited in vain for {what}. The training: {state}. The log: {string.Join("; ", Loop.Log.Entries)}");
    }

    public void UntilEnded(TrainingState state)
    {
        Until(() => !Training.IsActive, "the end");
        Settle();
        Assert.True(state == Training.State, $"{Training.State}: {Training.Problem}");
    }

    public static float[] Losses(TrainingHistory history)
    {
        var losses = new float[history.Count];
        Assert.Equal(losses.Length, history.CopyLosses(0, losses));
        return losses;
    }

    public void Dispose()
    {
        if (PlayerLoop.Exists)
        {
            if (Training.IsActive) Training.Stop();
            Loop.RunUntil(() => !Training.IsActive, Patience);
            Loop.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static void Database(string path, int count, int size, int seed)
    {
        using LmdbWriter writer = LmdbWriter.Create(path);
        using IRecordCursor cursor = MemoryDatabase.OfImages(count, size, i => i % 2, seed).OpenCursor();
        while (cursor.MoveNext()) writer.Put(cursor.Key, cursor.Value);
        writer.Commit();
    }
}
