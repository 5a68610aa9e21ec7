using System.Text;
using Cortado.Solvers;

namespace Cortado.Tests.Solvers;

public class CheckpointHashTests
{
    // Values of the reference implementation (xxhsum -H64 / XXH64 with seed 0).
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void IsXxh64(string text, ulong expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        var whole = new CheckpointHash();
        whole.Add(bytes);
        Assert.Equal(expected, whole.Value());
        var pieces = new CheckpointHash();
        foreach (byte value in bytes) pieces.Add([value]);
        Assert.Equal(expected, pieces.Value());
    }
}
