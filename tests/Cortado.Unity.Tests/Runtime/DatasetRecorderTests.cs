using Cortado.Data;
using Cortado.Lmdb;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

public sealed class DatasetRecorderTests
{
    private static DatasetRecorder Recorder(Stage stage)
    {
        var recorder = new GameObject("Recorder").AddComponent<DatasetRecorder>();
        recorder.SourceCamera = stage.Camera;
        recorder.Folder = Path.Combine(stage.Folder, "set");
        recorder.Labels = new[] { "ball", "box" };
        (recorder.Width, recorder.Height) = (20, 16);
        return recorder;
    }

    // Records one example a frame; the picture's seed is the frame's number, its label odd or even.
    private static void Record(Stage stage, DatasetRecorder recorder, int from, int count)
    {
        recorder.StartRecording();
        for (int i = from; i < from + count; i++)
        {
            stage.Painter.Seed = i;
            recorder.Capture(i % 2);
            stage.Loop.Frame();
        }
        Task stopped = recorder.StopRecording();
        Assert.False(recorder.IsRecording);
        stage.Until(() => stopped.IsCompleted);
        Assert.True(stopped.IsCompletedSuccessfully);
        Assert.False(recorder.IsWriting);
    }

    private static List<(string Key, int Label, Image Picture)> Read(string database)
    {
        using LmdbDatabase opened = LmdbDatabase.Open(database);
        using IRecordCursor cursor = opened.OpenCursor();
        var found = new List<(string, int, Image)>();
        while (cursor.MoveNext())
        {
            var datum = new DatumView(cursor.Value);
            var image = new Image(datum.Channels, datum.Height, datum.Width);
            datum.Data.CopyTo(image.Pixels);
            found.Add((System.Text.Encoding.ASCII.GetString(cursor.Key), datum.Label, image));
        }
        return found;
    }

    [Fact]
    public void Every_example_is_stored_as_it_was_seen_with_its_label()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        Record(stage, recorder, 0, 40);
        Assert.Equal((32, 8), (recorder.TrainCount, recorder.ValidationCount));
        Assert.Equal((20, 20), (recorder.CountOf(0), recorder.CountOf(1)));
        Assert.Equal(new[] { "ball", "box" }, File.ReadAllLines(Path.Combine(recorder.FullFolder, "labels.txt")));
        var train = Read(Path.Combine(recorder.FullFolder, "train_lmdb"));
        var validation = Read(Path.Combine(recorder.FullFolder, "val_lmdb"));
        Assert.Equal((32, 8), (train.Count, validation.Count));
        Assert.Equal((16, 4), (train.Count(e => e.Label == 0), validation.Count(e => e.Label == 1)));
        // The number in the key says which one it was.
        var all = train.Concat(validation).OrderBy(e => e.Key.Split('_')[1], StringComparer.Ordinal).ToList();
        for (int i = 0; i < all.Count; i++)
        {
            Assert.Equal(i % 2, all[i].Label);
            Assert.Equal((3, 16, 20), (all[i].Picture.Channels, all[i].Picture.Height, all[i].Picture.Width));
            Assert.Equal(NoisePainter.Picture(20, 16, i).Span.ToArray(), all[i].Picture.Span.ToArray());
        }
        Assert.Equal(0, stage.Loop.Gpu.Stalls);
        Assert.Empty(stage.Loop.Log.Entries);
    }

    [Fact]
    public void A_recording_in_two_parts_gives_the_same_set_as_one_in_one_piece()
    {
        using var stage = new Stage();
        DatasetRecorder whole = Recorder(stage), parts = Recorder(stage);
        parts.Folder = Path.Combine(stage.Folder, "parts");
        Record(stage, whole, 0, 30);
        Record(stage, parts, 0, 13);
        Record(stage, parts, 13, 17);
        foreach (string database in new[] { "train_lmdb", "val_lmdb" })
        {
            var one = Read(Path.Combine(whole.FullFolder, database));
            var two = Read(Path.Combine(parts.FullFolder, database));
            Assert.Equal(one.Select(e => e.Key), two.Select(e => e.Key));
            Assert.Equal(one.Select(e => Convert.ToHexString(e.Picture.Span)), two.Select(e => Convert.ToHexString(e.Picture.Span)));
        }
    }

    [Fact]
    public void A_set_that_was_recorded_class_by_class_is_read_mixed()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        recorder.StartRecording();
        for (int i = 0; i < 80; i++)
        {
            recorder.Capture(i < 40 ? 0 : 1);
            stage.Loop.Frame();
        }
        Task stopped = recorder.StopRecording();
        stage.Until(() => stopped.IsCompleted);
        var train = Read(Path.Combine(recorder.FullFolder, "train_lmdb"));
        Assert.InRange(train.Take(train.Count / 2).Count(e => e.Label == 0), train.Count / 8, train.Count * 3 / 8);
    }

    [Fact]
    public void It_records_so_many_a_second_by_itself_with_the_label_that_is_set()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        recorder.TimesPerSecond = 5;
        recorder.Label = 1;
        stage.Loop.Time.FrameSeconds = 0.1;
        recorder.StartRecording();
        stage.Loop.Frames(50);
        Task stopped = recorder.StopRecording();
        stage.Until(() => stopped.IsCompleted);
        Assert.InRange(recorder.CountOf(1), 24, 27);
        Assert.Equal(0, recorder.CountOf(0));
    }

    [Fact]
    public void What_was_written_is_committed_while_it_goes_on()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        recorder.StartRecording();
        recorder.Capture(0);
        string database = Path.Combine(recorder.FullFolder, "train_lmdb");
        stage.Until(() => recorder.TrainCount == 1 && Read(database).Count == 1);
        Assert.True(recorder.IsWriting);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("names")]
    public void Another_kind_of_set_in_the_folder_is_told_once_and_left_alone(string difference)
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        Record(stage, recorder, 0, 10);
        var errors = new List<string>();
        recorder.OnError.AddListener(errors.Add);
        if (difference == "size") recorder.Width = 30;
        else recorder.Labels = new[] { "left", "right" };
        recorder.StartRecording();
        recorder.Capture(0);
        stage.Until(() => errors.Count > 0);
        stage.Loop.Frames(20);
        Assert.Contains("record into another folder", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Single(stage.Loop.Log.Errors);
        Assert.False(recorder.IsRecording);
        Assert.Equal(8, Read(Path.Combine(recorder.FullFolder, "train_lmdb")).Count);
        stage.Until(() => !recorder.IsWriting);
    }

    [Fact]
    public void Wrong_use_is_told_and_throws_nothing()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        recorder.Capture(0);
        Assert.Contains("StartRecording", recorder.Error, StringComparison.Ordinal);
        recorder.StartRecording();
        recorder.Capture(2);
        Assert.Contains("Label 2", recorder.Error, StringComparison.Ordinal);
        recorder.SourceCamera = null;
        recorder.Capture(1);
        Assert.Contains("no source", recorder.Error, StringComparison.Ordinal);
        Assert.Equal(3, stage.Loop.Log.Errors.Count);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("destroy")]
    [InlineData("quit")]
    [InlineData("reload")]
    [InlineData("leave play mode")]
    public void However_it_ends_the_databases_are_whole_and_closed(string way)
    {
        using var stage = new Stage(playing: way != "leave play mode");
        DatasetRecorder recorder = Recorder(stage);
        string folder = recorder.FullFolder;
        if (way == "leave play mode") stage.Loop.EnterPlayMode(false);
        recorder.StartRecording();
        for (int i = 0; i < 20; i++)
        {
            recorder.Capture(i % 2);
            stage.Loop.Frame();
        }
        if (way == "disable") recorder.enabled = false;
        else if (way == "destroy") UnityEngine.Object.DestroyImmediate(recorder.gameObject);
        else if (way == "quit") stage.Loop.Quit();
        else if (way == "leave play mode") stage.Loop.ExitPlayMode();
        else stage.Loop.ReloadDomain();
        if (way is "disable" or "destroy") stage.Until(() => !File.Exists(Path.Combine(folder, "train_lmdb", "data.mdb.writing")) && Directory.Exists(Path.Combine(folder, "val_lmdb")) && !File.Exists(Path.Combine(folder, "val_lmdb", "data.mdb.writing")));
        int stored = Read(Path.Combine(folder, "train_lmdb")).Count + Read(Path.Combine(folder, "val_lmdb")).Count;
        // What had arrived from the device is there; what was on its way is not.
        Assert.InRange(stored, 20 - stage.Loop.Gpu.ReadbackFrames - 1, 20);
        using (LmdbWriter.Append(Path.Combine(folder, "train_lmdb")))
        {
            // Nobody else has it open.
        }
        Assert.Empty(stage.Loop.Log.Errors);
    }

    [Fact]
    public void No_frame_of_a_recording_allocates_on_the_main_thread()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        recorder.TimesPerSecond = 1000;
        recorder.StartRecording();
        stage.Until(() => recorder.TrainCount > 30);
        long quietest = long.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            long allocated = 0;
            int before = stage.Loop.Gpu.Requests;
            for (int frame = 0; frame < 20; frame++)
            {
                stage.Loop.Frame();
                allocated += stage.Loop.AllocatedInFrame;
                Thread.Sleep(2);
            }
            Assert.Equal(20, stage.Loop.Gpu.Requests - before);
            quietest = Math.Min(quietest, allocated);
        }
        Assert.Equal(0, quietest);
    }

    [Fact]
    public void Recording_again_at_once_waits_for_the_last_recording()
    {
        using var stage = new Stage();
        DatasetRecorder recorder = Recorder(stage);
        for (int i = 0; i < 5; i++)
        {
            recorder.StartRecording();
            recorder.Capture(0);
            stage.Loop.Frames(4);
            recorder.StopRecording();
        }
        stage.Until(() => !recorder.IsWriting);
        Assert.Equal(5, recorder.CountOf(0));
        Assert.Empty(stage.Loop.Log.Errors);
    }
}
