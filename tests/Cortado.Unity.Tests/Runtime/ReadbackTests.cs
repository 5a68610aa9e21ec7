using Unity.Collections;
using UnityDoubles;
using UnityEngine;
using UnityEngine.Rendering;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>Readbacks behave as Unity's reference says (AsyncGPUReadback, AsyncGPUReadbackRequest).</summary>
public sealed class ReadbackTests
{
    [Fact]
    public void Data_comes_some_frames_later_as_it_was_when_it_was_asked_for_and_for_one_frame_only()
    {
        using var loop = new PlayerLoop();
        loop.Gpu.ReadbackFrames = 2;
        var texture = new RenderTexture(2, 1, 0);
        new[] { new Color32(1, 2, 3, 4), new Color32(5, 6, 7, 8) }.CopyTo(texture.Write());
        byte[]? heard = null;
        AsyncGPUReadbackRequest request = AsyncGPUReadback.Request(texture, 0, r => heard = r.GetData<byte>().ToArray());
        texture.Write().Clear();
        loop.Frame();
        Assert.False(request.done);
        Assert.Throws<InvalidOperationException>(() => request.GetData<byte>());
        loop.Frame();
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, heard);
        Assert.True(request.done);
        NativeArray<byte> data = request.GetData<byte>();
        Assert.Equal(8, data.Length);
        loop.Frame();
        Assert.True(request.hasError);
        Assert.Throws<ObjectDisposedException>(() => data[0]);
        Assert.Equal(0, loop.Gpu.Stalls);
    }

    [Fact]
    public void The_engine_is_the_main_threads()
    {
        using var loop = new PlayerLoop();
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => Time.frameCount));
        thread.Start();
        thread.Join();
        Assert.IsType<UnityException>(thrown);
    }

    [Fact]
    public async Task What_is_awaited_goes_on_in_the_next_frame_after_Update()
    {
        await Task.Yield();
        using var loop = new PlayerLoop();
        int resumedIn = -1;
        _ = Wait();
        loop.Frames(2);
        Assert.Equal(1, resumedIn);

        async Task Wait()
        {
            await Task.Yield();
            resumedIn = Time.frameCount;
        }
    }
}
