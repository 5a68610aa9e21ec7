namespace Cortado.Tests;

public class SmokeTests
{
    [Fact]
    public void Runs() => Assert.Equal(1, new Formats.Datum { Channels = 1 }.Channels);
}
