using Cortado.Demo.Play.Drawing;
using Cortado.Training;
using Cortado.Unity;

namespace Cortado.Demo.Play;

/// <summary>The game from the coin to the trained network, with pictures of it.</summary>
internal sealed class Story
{
    private const int Before = 60, After = 200;

    private readonly Game _game;
    private readonly string _device;
    private readonly Action<string> _say;
    private readonly CancellationToken _cancel;
    private readonly FilmStrip _strip;
    private readonly Tally _tally;

    /// <summary>Prepares to tell it.</summary>
    /// <param name="game">The game, at its beginning.</param>
    /// <param name="device">What trains: cpu or auto.</param>
    /// <param name="say">Takes lines of progress.</param>
    /// <param name="cancel">Ends it early.</param>
    public Story(Game game, string device, Action<string> say, CancellationToken cancel)
    {
        (_game, _device, _say, _cancel) = (game, device, say, cancel);
        _strip = new FilmStrip(game);
        _tally = new Tally(game);
    }

    /// <summary>Tells it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Tell()
    {
        TossCoins();
        Record();
        AskTheDoctor();
        NetworkAsset network = Train();
        Sort(network);
    }

    /// <summary>Writes <c>strip.png</c> and <c>score.png</c>, as far as the story was told.</summary>
    public void Save(string folder)
    {
        if (_strip.IsEmpty) return;
        _strip.Compose().SavePng(Path.Combine(folder, "strip.png"));
        ScoreCurve.Draw(_tally, 1232, 300).SavePng(Path.Combine(folder, "score.png"));
    }

    /// <summary>Writes the strip with the curve below it as one JPEG.</summary>
    public void SavePoster(string path)
    {
        Picture strip = _strip.Compose(), curve = ScoreCurve.Draw(_tally, strip.Width, 230), poster = new(strip.Width, strip.Height + curve.Height, default);
        poster.Place(strip, 0, 0);
        poster.Place(curve, 0, strip.Height);
        poster.SaveJpeg(path, 86);
    }

    private void TossCoins()
    {
        _say("The belt runs. There is no network, so the gate tosses a coin for each item.");
        _strip.Begin("1  No network yet: a coin sorts");
        int right = _game.PlayItems(Before - 3, _cancel);
        for (int i = 0; i < 3; i++) right += Watch() ? 1 : 0;
        Say(Before, right);
    }

    private void Record()
    {
        _say($"Recording {_game.Teacher.Wanted} examples from the belt; the spawner knows what each item is.");
        _strip.Begin("2  Record from the belt, ask the doctor, train");
        _tally.Note("recording");
        _game.World.Gui.Press("Record from the belt");
        int next = 100;
        bool taken = false;
        _game.PlayUntil(() =>
        {
            if (!taken && _game.Teacher.Recorded >= _game.Teacher.Wanted / 3 && _game.Belt.Riding.Any(item => _game.IsBeforeEye(item)))
            {
                taken = true;
                _strip.Take($"recorded {_game.Teacher.Recorded} of {_game.Teacher.Wanted}: {_game.Teacher.CountOf(0)} balls, {_game.Teacher.CountOf(1)} boxes", null);
            }
            if (_game.Teacher.Recorded >= next)
            {
                _say($"  {next} examples: {_game.Teacher.CountOf(0)} balls, {_game.Teacher.CountOf(1)} boxes");
                next += 100;
            }
            return _tally.Count > Before && !_game.Teacher.IsRecording;
        }, _cancel);
    }

    private void AskTheDoctor()
    {
        const string Toggle = "as the asker did: raw pixels, base_lr 0.03";
        _say("As the asker did it: raw pixels and base_lr 0.03. Before any training, the doctor says:");
        _game.World.Gui.Press(Toggle);
        _game.World.Frame();
        _game.PlayOnScreenUntil(() => _game.Files.Findings != null, _cancel);
        _game.World.Frame();
        _say("  " + _game.Files.Text);
        _strip.TakePanel(_game.Files.Findings!.Count == 0 ? "the doctor finds nothing" : "the asker's files: the doctor warns", _game.Files.Findings!.Count > 0);
        _game.World.Gui.Press(Toggle);
        _game.World.Frame();
        _game.PlayOnScreenUntil(() => _game.Files.Findings != null, _cancel);
    }

    private NetworkAsset Train()
    {
        _say("Training in the window that the panel opens, while the belt runs.");
        _tally.Note("training");
        var training = new GateTraining(_game);
        training.Open(_cancel);
        training.Start(_device, _cancel);
        int next = 20;
        bool taken = false;
        _game.PlayOnScreenUntil(() =>
        {
            TrainingProgress progress = training.Progress;
            if (!taken && training.Accuracy != null && progress.Iteration >= progress.MaxIterations / 2)
            {
                taken = true;
                _strip.Take(FormattableString.Invariant($"training: {progress.Iteration} of {progress.MaxIterations}, held out {100 * training.Accuracy:F0} %"), null);
            }
            if (progress.Iteration >= next)
            {
                _say(FormattableString.Invariant($"  iteration {progress.Iteration,4} of {progress.MaxIterations}  loss {progress.SmoothedLoss:F3}  held-out accuracy {(training.Accuracy is { } accuracy ? FormattableString.Invariant($"{100 * accuracy:F1} %") : "not measured yet")}"));
                next = progress.Iteration - progress.Iteration % 20 + 20;
            }
            return training.HasEnded;
        }, _cancel);
        training.CheckEnd();
        _say(FormattableString.Invariant($"  done: held-out accuracy {100 * training.Accuracy:F1} %"));
        return training.MakeAsset(_cancel);
    }

    private void Sort(NetworkAsset network)
    {
        _say($"Swapping {network.name} in while the belt runs.");
        _strip.Begin("3  The trained network sorts");
        _tally.Note("network swapped in");
        _game.World.Gui.Press("Swap the newest network in");
        _game.World.Frame();
        _game.PlayUntil(() => _game.Classifier.IsReady || _game.Classifier.Error.Length > 0, _cancel);
        if (_game.Classifier.Error.Length > 0) throw new CortadoException(_game.Classifier.Error);
        // What passed the eye before the network was there is sorted by the coin.
        _game.PlayItems(2, _cancel);
        _game.Board.Clear();
        int right = 0;
        for (int i = 0; i < 3; i++)
        {
            right += _game.PlayItems(i == 0 ? 20 : (After - 23) / 2, _cancel);
            right += Watch() ? 1 : 0;
        }
        int left = After - 23 - 2 * ((After - 23) / 2);
        right += _game.PlayItems(left, _cancel);
        Say(After, right);
        double[] frames = [.. _game.FrameMilliseconds.Order()];
        _say(FormattableString.Invariant($"  on {_game.Classifier.DeviceName}; the main thread's frames took {frames[frames.Length / 2]:F2} ms in the median, {frames[frames.Length * 99 / 100]:F2} ms at the 99th percentile; it waited for the graphics device {_game.World.Gpu.Stalls} times"));
    }

    /// <summary>Plays one item to the gate and a little beyond, takes a picture, and gives whether it went the right way.</summary>
    private bool Watch()
    {
        Item? sorted = null;
        bool right = false;
        void See(Item item, bool asked)
        {
            if (sorted != null) return;
            sorted = item;
            right = item.Side == (item.Label == 0 ? -1 : 1);
        }
        _game.Sorted += See;
        _game.PlayUntil(() => sorted != null, _cancel);
        _game.Sorted -= See;
        for (int i = 0; i < 16; i++) _game.World.Frame();
        _strip.Take($"at the gate: {(sorted!.Label == 0 ? "ball" : "box")} to the {(sorted.Side < 0 ? "left" : "right")} - {(right ? "correct" : "wrong")}", right);
        return right;
    }

    private void Say(int items, int right) => _say(FormattableString.Invariant($"  {items} items sorted, {right} the right way: {100.0 * right / items:F1} %"));
}
