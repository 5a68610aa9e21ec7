using Cortado.Data;

namespace Cortado.Tests.Data;

public sealed class ImageSetSplitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortado-split-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EachClassIsDividedAndNothingIsLostOrDoubled()
    {
        ImageSet all = Set(("a", 50), ("b", 10), ("c", 1), ("d", 2));
        (ImageSet first, ImageSet second) = all.Split(0.2, seed: 7);
        Assert.Equal(new Dictionary<int, int> { [0] = 10, [1] = 2 }, second.Entries.GroupBy(entry => entry.Label).ToDictionary(group => group.Key, group => group.Count()));
        Assert.Equal(all.Entries.Select(entry => entry.Name).Order(), first.Entries.Concat(second.Entries).Select(entry => entry.Name).Order());
        Assert.Equal(all.ClassNames, second.ClassNames);
        Assert.Equal(second.Entries, all.Split(0.2, seed: 7).Second.Entries);
        Assert.NotEqual(second.Entries, all.Split(0.2, seed: 8).Second.Entries);
        // Not just the end of each class: names often say when a picture was taken.
        Assert.NotEqual(all.Entries.Where(entry => entry.Label == 0).TakeLast(10), second.Entries.Where(entry => entry.Label == 0));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 9)]
    public void AtTheEndsOneImageStays(double share, int expected) => Assert.Equal(expected, Set(("a", 10)).Split(share, 1).Second.Entries.Count);

    private ImageSet Set(params (string Name, int Count)[] classes)
    {
        foreach ((string name, int count) in classes)
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
            for (int i = 0; i < count; i++) File.WriteAllText(Path.Combine(_folder, name, $"{i:D3}.png"), "");
        }
        return ImageSet.FromFolder(_folder);
    }
}
