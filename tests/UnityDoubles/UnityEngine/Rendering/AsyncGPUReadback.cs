using System;
using UnityDoubles;
using UnityEngine.Experimental.Rendering;

namespace UnityEngine.Rendering
{
    public static class AsyncGPUReadback
    {
        public static AsyncGPUReadbackRequest Request(Texture src, int mipIndex = 0, Action<AsyncGPUReadbackRequest> callback = null) =>
            PlayerLoop.Current.Gpu.Request(src, callback);

        public static AsyncGPUReadbackRequest Request(Texture src, int mipIndex, GraphicsFormat dstFormat, Action<AsyncGPUReadbackRequest> callback = null)
        {
            if (dstFormat != src.graphicsFormat) throw new NotSupportedException("The double converts no formats: ask for the texture's own.");
            return PlayerLoop.Current.Gpu.Request(src, callback);
        }

        public static void WaitAllRequests() => PlayerLoop.Current.Gpu.WaitAll();
    }
}
