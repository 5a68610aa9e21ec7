using System;
using System.Runtime.InteropServices;
using UnityEngine.Experimental.Rendering;

namespace UnityEngine
{
    public sealed class WebCamTexture : Texture
    {
        public WebCamTexture()
            : this("", 640, 480)
        {
        }

        public WebCamTexture(string deviceName, int requestedWidth, int requestedHeight)
        {
            this.deviceName = deviceName;
            // Until the first picture has come, the size is not known: Unity says 16 x 16.
            (_width, _height, Stored) = (16, 16, new byte[4 * 16 * 16]);
            graphicsFormat = World.Gpu.ColorSpace == ColorSpace.Gamma ? GraphicsFormat.R8G8B8A8_UNorm : GraphicsFormat.R8G8B8A8_SRGB;
        }

        public string deviceName { get; set; }

        public bool isPlaying { get; private set; }

        public bool didUpdateThisFrame => isPlaying && _updatedIn == World.Time.Frame;

        public int videoRotationAngle { get; set; }

        public bool videoVerticallyMirrored { get; set; }

        private int _updatedIn = -1;

        public void Play() => isPlaying = true;

        public void Pause() => isPlaying = false;

        public void Stop() => isPlaying = false;

        /// <summary>The camera's next picture.</summary>
        internal void Receive(int width, int height, Color32[] pixels)
        {
            (_width, _height, _updatedIn) = (width, height, World.Time.Frame);
            Stored = MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray();
        }
    }
}
