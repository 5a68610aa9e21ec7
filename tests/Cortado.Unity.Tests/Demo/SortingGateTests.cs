using Cortado.Demo.Play;
using Cortado.Diagnostics;
using Cortado.Lmdb;
using UnityDoubles;
using UnityEngine.UIElements;

namespace Cortado.Unity.Tests.Demo;

/// <summary>The sorting gate, played from its scene file with its own buttons: by chance, recorded, trained, swapped in while the belt runs.</summary>
public sealed class SortingGateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sorting-gate").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_network_a_coin_sorts_and_the_panel_says_so()
    {
        using var game = new Game(_folder);
        int right = game.PlayItems(200, TestContext.Current.CancellationToken);
        // 200 fair coins are within 4 standard deviations of 100.
        Assert.InRange(right, 72, 128);
        Assert.Contains("No network: the gate sorts by chance.", game.World.Gui.Texts(GuiKind.Label));
        Assert.Contains(game.Board.Text, game.World.Gui.Texts(GuiKind.Label));
        Assert.Empty(game.World.Log.Entries);
    }

    [Fact]
    public void The_same_seed_gives_the_same_game()
    {
        (int Right, byte[] Picture) Play()
        {
            using var game = new Game(_folder);
            return (game.PlayItems(30, TestContext.Current.CancellationToken), [.. game.Belt.Picture.Stored]);
        }
        (int right, byte[] picture) = Play();
        (int rightAgain, byte[] pictureAgain) = Play();
        Assert.Equal(right, rightAgain);
        Assert.Equal(picture, pictureAgain);
    }

    [Fact]
    public void Recorded_trained_and_swapped_in_it_sorts_more_than_95_of_100()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var game = new Game(_folder);
        game.World.Gui.Press("Record from the belt");
        game.PlayUntil(() => game.Teacher.Recorded > 0, cancel);
        game.PlayUntil(() => !game.Teacher.IsRecording, cancel);
        Assert.Equal(600, game.Teacher.Recorded, 2.0);
        Assert.InRange(game.Teacher.CountOf(0), 250, 350);
        Assert.Equal(game.Teacher.Recorded, game.Teacher.CountOf(0) + game.Teacher.CountOf(1));
        Assert.Equal(game.Teacher.Recorded, Records("train_lmdb") + Records("val_lmdb"));

        AsTheAskerDid(game, cancel);

        var training = new GateTraining(game);
        training.Open(cancel);
        Assert.Equal(Path.Combine(game.Teacher.Folder, "train_lmdb"), training.Get<TextField>("train-database").value);
        Assert.StartsWith($"{Records("train_lmdb")} pictures of 3x80x80: ball ", training.Get<Label>("train-summary").text, StringComparison.Ordinal);
        Assert.Null(training.Find("finding-input-range"));
        Assert.Equal("Nothing to worry about.", training.Get<Label>("check-state").text);
        training.Start("cpu", cancel);
        game.PlayOnScreenUntil(() => training.HasEnded, cancel);
        training.CheckEnd();
        // The window changed nothing in the project's files: they name the recorded set already.
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.orig", SearchOption.AllDirectories));
        NetworkAsset made = training.MakeAsset(cancel);

        game.World.Gui.Press("Swap the newest network in");
        game.World.Frame();
        Assert.Same(made, game.Gate.Network);
        game.PlayUntil(() => game.Classifier.IsReady || game.Classifier.Error.Length > 0, cancel);
        Assert.Equal("", game.Classifier.Error);
        // What has passed the eye already is sorted by the coin.
        game.PlayItems(3, cancel);
        long worst = 0, charged = 0;
        int collections = GC.CollectionCount(0);
        game.World.MainThreadClock = ThreadTime.Clock;
        game.World.EditorUpdating += () =>
        {
            long spent = game.World.SpentInFrame(typeof(ImageClassifier)) + game.World.SpentOnReadbacks;
            charged += spent;
            // A collection runs on whichever thread needs memory next, and may be this one: its length says nothing of the component.
            if (GC.CollectionCount(0) == collections) worst = Math.Max(worst, spent);
            collections = GC.CollectionCount(0);
        };
        int right = game.PlayItems(200, cancel);
        Assert.True(right > 190, $"{right} of 200");
        Assert.Empty(game.World.Log.Errors);
        Assert.Equal(0, game.World.Gpu.Stalls);
        if (ThreadTime.Clock == null) return;
        Assert.True(charged > 0, "Nothing was measured.");
        Assert.True(worst < 1e6 * game.Classifier.BudgetMilliseconds, $"In one frame the main thread computed {worst / 1e6} ms for the classifier.");
    }

    // Nothing is trained: the warning comes before, on the panel and in the window that the panel opens.
    private static void AsTheAskerDid(Game game, CancellationToken cancel)
    {
        const string Toggle = "as the asker did: raw pixels, base_lr 0.03";
        game.World.Gui.Press(Toggle);
        game.World.Frame();
        game.PlayOnScreenUntil(() => game.Files.Findings != null, cancel);
        Finding worst = game.Files.Findings![0];
        Assert.Equal(("input-range", Severity.Error), (worst.Rule, worst.Severity));
        game.World.Frame();
        Assert.Contains(game.World.Gui.Texts(GuiKind.Label), text => text.Contains("far too large for base_lr 0.03", StringComparison.Ordinal));
        var window = new GateTraining(game);
        window.Open(cancel);
        Assert.Contains("far too large for base_lr 0.03", window.Find("finding-input-range")!.Q<Label>(className: "cortado-finding__summary").text, StringComparison.Ordinal);
        game.World.Gui.Press(Toggle);
        game.World.Frame();
        game.PlayOnScreenUntil(() => game.Files.Findings != null, cancel);
        Assert.DoesNotContain(game.Files.Findings!, finding => finding.Severity == Severity.Error);
    }

    private int Records(string database)
    {
        using Data.IRecordDatabase opened = new LmdbProvider().Open(Path.Combine(_folder, "Recordings", "SortingGate", database), Formats.DataParameter.Types.DB.Lmdb);
        return (int)opened.Count;
    }
}
