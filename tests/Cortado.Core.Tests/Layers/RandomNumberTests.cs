using Cortado.Backends.Cpu;
using Cortado.Tensors;

namespace Cortado.Tests.Layers;

/// <summary>The counter-based generator against the known answers published with it (Random123, kat_vectors: philox4x32, 10 rounds).</summary>
public unsafe class RandomNumberTests
{
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0a4093822UL, 0x0370734413198a2eUL, 0x85a308d3243f6a88UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void BlocksAreThePublishedOnes(ulong seed, ulong stream, ulong block, uint x, uint y, uint z, uint w)
    {
        Assert.Equal((x, y, z, w), new CounterRandom(seed, stream).Block(block));
        uint[] numbers = Run(new CounterRandom(seed, stream), block, 4);
        Assert.Equal([x, y, z, w], numbers.Take(4));
    }

    [Fact]
    public void RunsAreTheirBlocks()
    {
        CounterRandom random = CounterRandom.Named(12345, "a");
        foreach (ulong block in new ulong[] { 0, 7, uint.MaxValue - 5, ulong.MaxValue - 2 })
        {
            uint[] numbers = Run(random, block, 23);
            for (int i = 0; i < 23; i++)
                Assert.Equal(random.Block(unchecked(block + (ulong)i)), (numbers[4 * i], numbers[4 * i + 1], numbers[4 * i + 2], numbers[4 * i + 3]));
        }
    }

    private static uint[] Run(CounterRandom random, ulong block, int blocks)
    {
        var numbers = new uint[4 * blocks];
        fixed (uint* to = numbers) PhiloxNumbers.Write(random, block, to, blocks);
        return numbers;
    }
}
