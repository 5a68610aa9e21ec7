using System;
using System.Runtime.InteropServices;
using Unity.Collections;
using UnityDoubles;
using UnityEngine.Experimental.Rendering;

namespace UnityEngine
{
    public sealed class Texture2D : Texture
    {
        private Color32[] _pixels;
        private bool _readable = true;

        public Texture2D(int width, int height)
            : this(width, height, TextureFormat.RGBA32, true, false)
        {
        }

        public Texture2D(int width, int height, TextureFormat textureFormat, bool mipChain)
            : this(width, height, textureFormat, mipChain, false)
        {
        }

        public Texture2D(int width, int height, TextureFormat textureFormat, bool mipChain, bool linear)
        {
            if (width <= 0 || height <= 0) throw new UnityException("Texture has out of range width / height");
            format = textureFormat;
            Resize(width, height);
            graphicsFormat = linear || World.Gpu.ColorSpace == ColorSpace.Gamma ? GraphicsFormat.R8G8B8A8_UNorm : GraphicsFormat.R8G8B8A8_SRGB;
        }

        public static Texture2D whiteTexture
        {
            get
            {
                var white = new Texture2D(4, 4);
                var pixels = new Color32[16];
                Array.Fill(pixels, new Color32(255, 255, 255, 255));
                white.SetPixels32(pixels);
                white.Apply();
                return white;
            }
        }

        public TextureFormat format { get; }

        public override bool isReadable => _readable;

        public Color GetPixel(int x, int y) => Readable[Index(x, y)];

        public void SetPixel(int x, int y, Color color) => Readable[Index(x, y)] = color;

        public Color[] GetPixels() => Array.ConvertAll(Readable, p => (Color)p);

        public void SetPixels(Color[] colors) => SetPixels32(Array.ConvertAll(colors, c => (Color32)c));

        public Color32[] GetPixels32() => (Color32[])Readable.Clone();

        public void SetPixels32(Color32[] colors)
        {
            if (colors.Length != Readable.Length) throw new UnityException("SetPixels32 failed: the array has another number of pixels than the texture.");
            Array.Copy(colors, _pixels, colors.Length);
        }

        public void Apply() => Apply(true, false);

        public void Apply(bool updateMipmaps) => Apply(updateMipmaps, false);

        /// <summary>Sends the pixels to the device.</summary>
        public void Apply(bool updateMipmaps, bool makeNoLongerReadable)
        {
            MemoryMarshal.AsBytes(Readable.AsSpan()).CopyTo(Stored);
            _readable = !makeNoLongerReadable;
        }

        public void LoadRawTextureData<T>(NativeArray<T> data) where T : struct => MemoryMarshal.AsBytes(data.AsSpan()).CopyTo(MemoryMarshal.AsBytes(Readable.AsSpan()));

        public void LoadRawTextureData(byte[] data) => data.AsSpan(0, 4 * Readable.Length).CopyTo(MemoryMarshal.AsBytes(Readable.AsSpan()));

        public byte[] GetRawTextureData() => MemoryMarshal.AsBytes(Readable.AsSpan()).ToArray();

        /// <summary>Reads the active render texture: waits for the device.</summary>
        public void ReadPixels(Rect source, int destX, int destY)
        {
            World.Gpu.Stalls++;
            RenderTexture active = World.Gpu.Active ?? throw new UnityException("The double has no screen to read from: set RenderTexture.active.");
            Span<Color32> pixels = MemoryMarshal.Cast<byte, Color32>(active.Stored.AsSpan());
            for (int y = 0; y < (int)source.height; y++)
                for (int x = 0; x < (int)source.width; x++)
                    Readable[(destY + y) * width + destX + x] = pixels[((int)source.y + y) * active.width + (int)source.x + x];
        }

        internal void Resize(int width, int height)
        {
            (_width, _height) = (width, height);
            _pixels = new Color32[width * height];
            Array.Fill(_pixels, new Color32(205, 205, 205, 205));
            Stored = new byte[4 * width * height];
        }

        private Color32[] Readable => _readable
            ? _pixels
            : throw new UnityException($"Texture '{name}' is not readable, the texture memory can not be accessed from scripts. You can make the texture readable in the Texture Import Settings.");

        private int Index(int x, int y) => Mathf.Clamp(y, 0, height - 1) * width + Mathf.Clamp(x, 0, width - 1);
    }
}
