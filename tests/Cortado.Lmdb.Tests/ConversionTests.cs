using Cortado.Data;
using Cortado.Formats;
using Cortado.Lmdb;

namespace Cortado.Tests;

public class ConversionTests
{
    private static readonly string Png = GoldenFolder.SampleOf("data/png");

    // A golden folder may hold only some of them.
    public static TheoryData<string, bool, bool> Conversions
    {
        get
        {
            var present = new TheoryData<string, bool, bool>();
            foreach ((string golden, bool gray, bool encoded) in new[] { ("converted_lmdb", false, false), ("converted_gray_lmdb", true, false), ("encoded_png_lmdb", false, true) })
                if (GoldenFolder.Has("data/" + golden)) present.Add(golden, gray, encoded);
            return present;
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Conversions))]
    public void Writes_the_records_of_convert_imageset(string golden, bool gray, bool encoded)
    {
        using var folder = new TempFolder();
        var options = new ConversionOptions { Gray = gray, Encoded = encoded, Height = encoded ? 0 : 16, Width = encoded ? 0 : 20 };
        ConversionResult result = Convert(ImageSet.FromList(Path.Combine(Png, "list.txt")), folder["db"], options);
        Assert.Equal(6, result.Written);
        List<(byte[] Key, byte[] Value)> expected = Records.ReadAll(GoldenFolder.PathOf("data/" + golden)), found = Records.ReadAll(folder["db"]);
        Assert.Equal(expected.Select(r => System.Text.Encoding.UTF8.GetString(r.Key)), found.Select(r => System.Text.Encoding.UTF8.GetString(r.Key)));
        for (int i = 0; i < found.Count; i++) Assert.Equal(expected[i].Value, found[i].Value);
    }

    [Fact]
    public void The_mean_is_compute_image_means_file_byte_for_byte()
    {
        using var folder = new TempFolder();
        using LmdbDatabase database = LmdbDatabase.Open(GoldenFolder.SampleOf("data/raw_small_lmdb"));
        MeanImage mean = MeanComputer.Compute(database);
        mean.Write(folder["mean.binaryproto"]);
        Assert.Equal(File.ReadAllBytes(GoldenFolder.SampleOf("data/raw_small_mean.binaryproto")), File.ReadAllBytes(folder["mean.binaryproto"]));
        Assert.Contains("--force", Assert.Throws<CortadoException>(() => mean.Write(folder["mean.binaryproto"])).Message);
        mean.Write(folder["mean.binaryproto"], overwrite: true);
    }

    [Fact]
    public void A_folder_per_class_gives_labels_in_the_order_of_the_names()
    {
        using var folder = new TempFolder();
        MakeClasses(folder);
        File.WriteAllText(folder["set/cat/notes.txt"], "no image");
        File.WriteAllText(folder["set/dog/broken.png"], "no image either");
        ImageSet set = ImageSet.FromFolder(folder["set"]);
        Assert.Equal(new[] { "cat", "dog" }, set.ClassNames);
        Assert.Equal(new[] { "cat/notes.txt" }, set.OtherFiles);
        var reports = new List<DataProgress>();
        ConversionResult result = Convert(set, folder["db"], new ConversionOptions { Height = 8, Width = 9 }, new Reporter(reports));
        Assert.Equal(4, result.Written);
        SkippedImage skipped = Assert.Single(result.Skipped);
        Assert.EndsWith("broken.png", skipped.Path);
        Assert.Contains("not a PNG, JPEG or BMP", skipped.Reason);
        Assert.Contains("broken.png", skipped.Reason);
        Assert.Equal((3, 8, 9), result.Size);
        Assert.Null(result.FirstOfOtherSize);
        Assert.Equal(5, reports[^1].Done);
        Assert.Equal(1, reports[^1].Skipped);
        string[] keys = Records.ReadAll(folder["db"]).Select(r => System.Text.Encoding.UTF8.GetString(r.Key)).ToArray();
        Assert.Equal(new[] { "00000000_cat/a.png", "00000001_cat/b.png", "00000003_dog/c.png", "00000004_dog/d.png" }, keys);
        Assert.Equal(new[] { 0, 0, 1, 1 }, Records.ReadAll(folder["db"]).Select(r => Datum.Parser.ParseFrom(r.Value).Label));
    }

    [Fact]
    public void Sizes_that_differ_are_reported()
    {
        using var folder = new TempFolder();
        ConversionResult result = Convert(ImageSet.FromList(Path.Combine(Png, "list.txt")), folder["db"], new ConversionOptions());
        Assert.EndsWith("im1.png", result.FirstOfOtherSize);
    }

    [Fact]
    public void Encoded_images_that_must_change_are_stored_as_png_and_decode_the_same()
    {
        using var folder = new TempFolder();
        ImageSet set = ImageSet.FromList(Path.Combine(Png, "list.txt"));
        foreach (bool gray in new[] { false, true })
        {
            var size = new ConversionOptions { Height = 11, Width = 13, Gray = gray };
            Convert(set, folder["raw" + gray], size);
            Convert(set, folder["png" + gray], new ConversionOptions { Height = 11, Width = 13, Gray = gray, Encoded = true });
            using LmdbDatabase raw = LmdbDatabase.Open(folder["raw" + gray]), png = LmdbDatabase.Open(folder["png" + gray]);
            using LmdbCursor a = raw.OpenCursor(), b = png.OpenCursor();
            var pixels = new DatumPixels();
            while (a.MoveNext())
            {
                Assert.True(b.MoveNext());
                var plain = new DatumView(a.Value);
                var encoded = new DatumView(b.Value);
                Assert.True(encoded.Encoded);
                pixels.Decode(encoded, ImageColor.AsStored);
                Assert.Equal((gray ? 1 : 3, 11, 13), (pixels.Channels, pixels.Height, pixels.Width));
                Assert.True(plain.Data.SequenceEqual(pixels.Bytes(encoded)));
            }
        }
    }

    [Fact]
    public void Shuffling_changes_the_order_by_the_seed_only()
    {
        using var folder = new TempFolder();
        ImageSet set = ImageSet.FromList(Path.Combine(Png, "list.txt"));
        string[] Names(string name, ulong seed)
        {
            Convert(set, folder[name], new ConversionOptions { Height = 4, Width = 4, Shuffle = true, Seed = seed });
            return Records.ReadAll(folder[name]).Select(r => System.Text.Encoding.UTF8.GetString(r.Key)[9..]).ToArray();
        }

        string[] one = Names("a", 1), again = Names("b", 1), two = Names("c", 2);
        Assert.Equal(one, again);
        Assert.NotEqual(one, two);
        Assert.Equal(set.Entries.Select(e => e.Name).Order(), one.Order());
    }

    [Fact]
    public void Cancelling_leaves_nothing()
    {
        using var folder = new TempFolder();
        MakeClasses(folder);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Convert(ImageSet.FromFolder(folder["set"]), folder["db"], new ConversionOptions(), cancel: cancel.Token));
        Assert.False(Directory.Exists(folder["db"]));
    }

    [Fact]
    public void A_set_without_one_good_image_is_an_error()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["set/cat"]);
        File.WriteAllText(folder["set/cat/a.png"], "no image");
        Assert.Contains("None of the 1 images", Assert.Throws<CortadoException>(() => Convert(ImageSet.FromFolder(folder["set"]), folder["db"], new ConversionOptions())).Message);
        Assert.False(Directory.Exists(folder["db"]));
        Assert.Contains("no sub-folders", Assert.Throws<CortadoException>(() => ImageSet.FromFolder(folder["set/cat"])).Message);
        Assert.Contains("no folder", Assert.Throws<CortadoException>(() => ImageSet.FromFolder(folder["none"])).Message);
        File.WriteAllText(folder["list.txt"], "a.png 1\nb.png one\n");
        Assert.Contains("list.txt:2: found 'b.png one'", Assert.Throws<CortadoException>(() => ImageSet.FromList(folder["list.txt"])).Message);
    }

    [Fact]
    public void Class_names_are_written_once_for_two_databases_and_not_replaced_by_others()
    {
        using var folder = new TempFolder();
        string path = LabelsFile.Beside(folder["train_lmdb"] + "/");
        Assert.Equal(folder["labels.txt"], path);
        LabelsFile.Write(path, new[] { "Käse", "zoo" });
        LabelsFile.Write(path, new[] { "Käse", "zoo" });
        Assert.Equal(new[] { "Käse", "zoo" }, LabelsFile.Read(path));
        Assert.Contains("--force", Assert.Throws<CortadoException>(() => LabelsFile.Write(path, new[] { "a" })).Message);
        LabelsFile.Write(path, new[] { "a" }, overwrite: true);
        Assert.Equal(new[] { "a" }, LabelsFile.Read(path));
    }

    [Fact]
    public void A_list_names_its_classes_after_their_folders_where_it_can()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.txt"], "x/cat/1.png 0\r\nx/dog/1.png 1\r\n\r\nx/cat/two words.png 0\r\n");
        ImageSet set = ImageSet.FromList(folder["a.txt"], "/root");
        Assert.Equal(new[] { "cat", "dog" }, set.ClassNames);
        Assert.Equal("x/cat/two words.png", set.Entries[2].Name);
        File.WriteAllText(folder["b.txt"], "1.png 0\n2.png 2\n");
        Assert.Equal(new[] { "0", "1", "2" }, ImageSet.FromList(folder["b.txt"]).ClassNames);
    }

    [Fact]
    public void A_mean_of_records_of_two_sizes_is_refused()
    {
        using var folder = new TempFolder();
        Convert(ImageSet.FromList(Path.Combine(Png, "list.txt")), folder["db"], new ConversionOptions());
        using LmdbDatabase database = LmdbDatabase.Open(folder["db"]);
        string message = Assert.Throws<CortadoException>(() => MeanComputer.Compute(database)).Message;
        Assert.Contains("00000001_im1.png", message);
        Assert.Contains("first record is 3 x 20 x 24", message);
    }

    private static ConversionResult Convert(ImageSet set, string database, ConversionOptions options, IProgress<DataProgress>? progress = null, CancellationToken cancel = default)
    {
        using LmdbWriter writer = LmdbWriter.Create(database);
        return ImageSetConverter.Convert(set, writer, options, progress, cancel);
    }

    private static void MakeClasses(TempFolder folder)
    {
        Directory.CreateDirectory(folder["set/cat"]);
        Directory.CreateDirectory(folder["set/dog"]);
        File.Copy(Path.Combine(Png, "im0.png"), folder["set/cat/a.png"]);
        File.Copy(Path.Combine(Png, "im1.png"), folder["set/cat/b.png"]);
        File.Copy(Path.Combine(Png, "im2.png"), folder["set/dog/c.png"]);
        File.Copy(Path.Combine(Png, "im3.png"), folder["set/dog/d.png"]);
    }

    private sealed class Reporter(List<DataProgress> reports) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => reports.Add(value);
    }
}
