using UnityEngine.Experimental.Rendering;

namespace UnityEngine
{
    public class Texture : Object
    {
        private protected int _width;
        private protected int _height;

        protected Texture()
        {
        }

        public virtual int width { get => _width; set => throw new System.NotImplementedException(); }

        public virtual int height { get => _height; set => throw new System.NotImplementedException(); }

        public virtual bool isReadable => true;

        public FilterMode filterMode { get; set; } = FilterMode.Bilinear;

        public TextureWrapMode wrapMode { get; set; } = TextureWrapMode.Clamp;

        public int anisoLevel { get; set; } = 1;

        public int mipmapCount => 1;

        public GraphicsFormat graphicsFormat { get; private protected set; } = GraphicsFormat.R8G8B8A8_SRGB;

        /// <summary>Whether the stored values are sRGB-encoded and the device decodes them when it samples.</summary>
        public bool isDataSRGB => GraphicsFormatUtility.IsSRGBFormat(graphicsFormat);

        /// <summary>The bytes on the device: RGBA, 8 bits each, row 0 the lowest.</summary>
        internal byte[] Stored { get; private protected set; } = System.Array.Empty<byte>();
    }
}
