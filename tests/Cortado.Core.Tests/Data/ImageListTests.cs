using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Tests.Data;

public class ImageListTests
{
    private static readonly string Folder = Path.Combine(GoldenFolder.Repository, "tests", "Cortado.Core.Tests", "Data", "OpenCv");

    [Fact]
    public void Every_epoch_has_every_image_once_in_an_order_of_its_own()
    {
        foreach (int count in new[] { 1, 2, 3, 7, 64, 1000 })
        {
            var order = new EpochOrder(count, shuffle: true, skip: 0, new CounterRandom(5, 6));
            var seen = new HashSet<string>();
            for (int epoch = 0; epoch < 5; epoch++)
            {
                int[] indexes = Enumerable.Range(0, count).Select(i => order.IndexOf(((long)epoch * count) + i)).ToArray();
                Assert.Equal(Enumerable.Range(0, count), indexes.Order());
                seen.Add(string.Join(",", indexes));
            }

            if (count >= 7) Assert.Equal(5, seen.Count);
        }
    }

    [Fact]
    public void All_places_are_equally_likely()
    {
        const int count = 5, epochs = 20000;
        var order = new EpochOrder(count, shuffle: true, skip: 0, new CounterRandom(5, 6));
        int[,] counts = new int[count, count];
        for (int record = 0; record < count * epochs; record++) counts[record % count, order.IndexOf(record)]++;
        foreach (int n in counts) Assert.InRange(n, (epochs / count) - 300, (epochs / count) + 300);
    }

    [Fact]
    public void Shuffled_batches_are_the_same_for_any_threads_and_after_a_seek()
    {
        using var list = new TemporaryList("color.png 3", "even.png 4", "gray.png 5", "palette.png 6", "photo.jpg 7");
        using IBatchSource one = Open(list.Path, 1, shuffle: true), many = Open(list.Path, 4, shuffle: true);
        for (int i = 0; i < 10; i++)
        {
            if (i == 5) many.Seek(one.Position);
            Batch a = one.Next(), b = many.Next();
            Assert.Equal(a.Labels, b.Labels);
            Assert.Equal(a.Data, b.Data);
            for (int item = 0; item < a.Size; item++) Assert.Equal(a.KeyOf(item), b.KeyOf(item));
        }
    }

    [Fact]
    public void Skipping_starts_later_in_the_first_epoch_only()
    {
        using var list = new TemporaryList("color.png 0", "even.png 1", "gray.png 2", "palette.png 3", "photo.jpg 4");
        using IBatchSource source = Open(list.Path, 1, shuffle: false, skip: 5, seed: 3);
        float[] labels = [.. source.Next().Labels.ToArray(), .. source.Next().Labels];
        int first = (int)labels[0];
        Assert.Equal(Enumerable.Range(first, 6).Select(i => (float)(i % 5)), labels);
        var starts = Enumerable.Range(0, 30).Select(seed =>
        {
            using IBatchSource other = Open(list.Path, 1, shuffle: false, skip: 5, seed: (ulong)seed);
            return other.Next().Labels[0];
        }).Distinct().Count();
        Assert.True(starts >= 3);
    }

    [Fact]
    public void Errors_name_the_list_the_line_or_the_image()
    {
        using var missing = new TemporaryList("color.png 0", "none.png 1");
        using (IBatchSource source = Open(missing.Path, 2, shuffle: false)) Assert.Contains("none.png", Assert.Throws<CortadoException>(source.Next).Message);
        using var size = new TemporaryList("color.png 0", "even.png 1");
        using (IBatchSource source = Open(size.Path, 2, shuffle: false, resize: 0)) Assert.Contains("even.png: it is 3 x 12 x 16", Assert.Throws<CortadoException>(source.Next).Message);
        using var empty = new TemporaryList();
        Assert.Contains("is empty", Assert.Throws<CortadoException>(() => Open(empty.Path, 1, false)).Message);
        var parameter = new ImageDataParameter { Source = empty.Path, NewHeight = 4 };
        Assert.Contains("new_height is 4 and new_width is 0", Assert.Throws<CortadoException>(() =>
            new ImageListBatchSource(parameter, Transformer(), new PathResolver(null), new CounterRandom(1, 1))).Message);
    }

    private static ImageListBatchSource Open(string list, int threads, bool shuffle, uint skip = 0, ulong seed = 1, uint resize = 9)
    {
        var parameter = new ImageDataParameter
        {
            Source = list,
            BatchSize = 3,
            NewHeight = resize,
            NewWidth = resize,
            Shuffle = shuffle,
            RandSkip = skip,
            RootFolder = Folder + "/",
        };
        return new ImageListBatchSource(parameter, Transformer(), new PathResolver(null), new CounterRandom(seed, 2), new BatchSourceOptions { Threads = threads });
    }

    private static DataTransformer Transformer() => new(new TransformationParameter(), Phase.Train, new CounterRandom(1, 1));

    private sealed class TemporaryList : IDisposable
    {
        public TemporaryList(params string[] lines)
        {
            Path = System.IO.Path.GetTempFileName();
            File.WriteAllLines(Path, lines);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
