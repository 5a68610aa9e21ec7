using Cortado.Backends;
using Cortado.Backends.Contracts;
using Cortado.OpenCL;
using Cortado.Tensors;

namespace Cortado.Tests;

/// <summary>Both sides of a buffer, against an array that is changed alongside.</summary>
[Collection(nameof(ParityCollection))]
public class BufferTests(Parity parity)
{
    [Fact]
    public void BothSidesStayCoherentInAnyOrderOfUse()
    {
        foreach ((OpenClBackend backend, bool streams) in new[] { (parity.Device, false), (parity.AsGpu, false), (parity.Device, true), (parity.AsGpu, true) })
        {
            const int count = 37;
            var random = new Random(5);
            using DeviceBuffer buffer = backend.Allocate(count), other = backend.Allocate(count);
            using IWeightedSum sum = backend.Prepare(new WeightedSumSpec(count));
            if (streams) buffer.ExpectStream();
            float[] mine = new float[count], theirs = new float[count];
            float[] half = [0.5f], both = [1, -0.5f];
            for (int step = 0; step < 400; step++)
            {
                int action = random.Next(8);
                switch (action)
                {
                    case 0:
                        buffer.Write().Fill(step);
                        Array.Fill(mine, step);
                        break;
                    case 1:
                        buffer.Update()[step % count] = -step;
                        mine[step % count] = -step;
                        break;
                    case 2:
                        sum.Run([other], half, buffer);
                        for (int i = 0; i < count; i++) mine[i] = theirs[i] / 2;
                        break;
                    case 3:
                        sum.Run([buffer, other], both, other);
                        for (int i = 0; i < count; i++) theirs[i] = mine[i] - theirs[i] / 2;
                        break;
                    case 4:
                        buffer.Clear();
                        Array.Clear(mine);
                        break;
                    case 5:
                        buffer.BeginHostRead();
                        other.BeginHostRead();
                        break;
                    case 6:
                        Assert.Equal(mine, buffer.Read().ToArray());
                        break;
                    default:
                        Assert.Equal(theirs, other.Read().ToArray());
                        break;
                }
                // Halves grow without bound: begin anew now and then.
                if (step % 40 != 39) continue;
                other.Clear();
                Array.Clear(theirs);
            }
        }
    }

    [Fact]
    public void ANewBufferIsZero()
    {
        foreach (OpenClBackend backend in new[] { parity.Device, parity.AsGpu })
        {
            using DeviceBuffer buffer = backend.Allocate(1000);
            Assert.Equal(new float[1000], buffer.Read().ToArray());
        }
    }

    [Fact]
    public void MemoryIsGivenBack()
    {
        OpenClBackend backend = parity.AsGpu;
        long before = backend.AllocatedBytes;
        for (int i = 0; i < 3; i++)
        {
            using DeviceBuffer buffer = backend.Allocate(1000);
            for (int j = 0; j < 5; j++)
            {
                buffer.Write();
                using IActivation op = backend.Prepare(new IdentitySpec(1000));
                op.Forward(buffer, buffer);
                buffer.Read();
            }
            Assert.True(backend.AllocatedBytes >= before + 4000);
        }
        Assert.Equal(before, backend.AllocatedBytes);
    }

    [Fact]
    public void ABufferLongerThanTheDeviceAllowsIsRefusedInASentence()
    {
        using var backend = new OpenClBackend(parity.Device.Device, new OpenClOptions { LargestBufferBytes = 1 << 20 });
        backend.Allocate(1 << 18).Dispose();
        Assert.Contains("is too long for", Assert.Throws<OpenClException>(() => backend.Allocate((1 << 18) + 1)).Message);
    }

    [Fact]
    public void WhatTheDeviceLacksFallsBackAndIsSaidOnce()
    {
        using var backend = new OpenClBackend(parity.Device.Device);
        var said = new List<string>();
        backend.FellBack += said.Add;
        for (int i = 0; i < 2; i++)
        {
            using IArgMax largest = backend.Prepare(new ArgMaxSpec(1, 2, 1, 2, ArgMaxOutput.IndicesThenValues));
            using DeviceBuffer x = backend.Allocate(2), y = backend.Allocate(4);
            x.Write()[0] = 1;
            x.Write()[1] = 2;
            using IActivation relu = backend.Prepare(new ReluSpec(2, 0));
            relu.Forward(x, x);
            largest.Forward(x, y);
            Assert.Equal([1, 0, 2, 1], y.Read().ToArray());
        }
        Assert.Equal(["ArgMax"], backend.Fallbacks);
        Assert.StartsWith("ArgMax ", Assert.Single(said));
    }
}
