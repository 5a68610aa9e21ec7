using System;
using System.Runtime.InteropServices;
using UnityDoubles;
using UnityEngine.Experimental.Rendering;

namespace UnityEngine
{
    public class RenderTexture : Texture
    {
        public RenderTexture(int width, int height, int depth)
            : this(width, height, depth, RenderTextureFormat.Default, RenderTextureReadWrite.Default)
        {
        }

        public RenderTexture(int width, int height, int depth, RenderTextureFormat format)
            : this(width, height, depth, format, RenderTextureReadWrite.Default)
        {
        }

        public RenderTexture(int width, int height, int depth, RenderTextureFormat format, RenderTextureReadWrite readWrite)
            : this(width, height, depth, Format(format, readWrite))
        {
        }

        private RenderTexture(int width, int height, int depth, GraphicsFormat format)
        {
            if (width <= 0 || height <= 0) throw new ArgumentException("RenderTexture.Create failed: width & height must be larger than 0");
            (_width, _height, this.depth, graphicsFormat) = (width, height, depth, format);
        }

        public static RenderTexture active { get => PlayerLoop.Current.Gpu.Active; set => PlayerLoop.Current.Gpu.Active = value; }

        public override int width { get => _width; set => _width = IsCreated() ? throw new UnityException("Resizing of created render textures is not supported") : value; }

        public override int height { get => _height; set => _height = IsCreated() ? throw new UnityException("Resizing of created render textures is not supported") : value; }

        public int depth { get; set; }

        public int antiAliasing { get; set; } = 1;

        public bool useMipMap { get; set; }

        public bool autoGenerateMips { get; set; } = true;

        public bool sRGB => isDataSRGB;

        public bool Create()
        {
            if (IsCreated()) return true;
            Stored = new byte[4 * _width * _height];
            World.Gpu.LiveRenderTextures++;
            return true;
        }

        public void Release()
        {
            if (!IsCreated()) return;
            Stored = Array.Empty<byte>();
            World.Gpu.LiveRenderTextures--;
        }

        public bool IsCreated() => Stored.Length > 0;

        public static RenderTexture GetTemporary(int width, int height, int depthBuffer = 0, RenderTextureFormat format = RenderTextureFormat.Default, RenderTextureReadWrite readWrite = RenderTextureReadWrite.Default)
        {
            var made = new RenderTexture(width, height, depthBuffer, format, readWrite);
            made.Create();
            return made;
        }

        public static void ReleaseTemporary(RenderTexture temp) => temp.World.DestroyNow(temp);

        /// <summary>What a renderer writes: colours as the format stores them, row 0 the lowest.</summary>
        internal Span<Color32> Write()
        {
            Create();
            return MemoryMarshal.Cast<byte, Color32>(Stored.AsSpan());
        }

        internal override void ReleaseNative() => Release();

        private static GraphicsFormat Format(RenderTextureFormat format, RenderTextureReadWrite readWrite)
        {
            if (format != RenderTextureFormat.Default && format != RenderTextureFormat.ARGB32) throw new NotSupportedException($"The double has no render textures of {format}.");
            bool linear = PlayerLoop.Current.Gpu.ColorSpace == ColorSpace.Gamma || readWrite == RenderTextureReadWrite.Linear;
            return linear ? GraphicsFormat.R8G8B8A8_UNorm : GraphicsFormat.R8G8B8A8_SRGB;
        }
    }
}
