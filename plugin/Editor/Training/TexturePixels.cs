using System.Runtime.InteropServices;
using Cortado.Data;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>A texture's pixels in memory, to be taken to another thread.</summary>
    internal sealed class TexturePixels
    {
        private readonly Color32[] _pixels;
        private readonly int _width, _height;

        private TexturePixels(Color32[] pixels, int width, int height) => (_pixels, _width, _height) = (pixels, width, height);

        /// <summary>Reads a texture, whether it is readable or not: it is drawn once and read back, which waits for the graphics device. Main thread only.</summary>
        public static TexturePixels Read(Texture texture)
        {
            RenderTexture target = RenderTexture.GetTemporary(texture.width, texture.height, 0, RenderTextureFormat.ARGB32, RenderTextureReadWrite.sRGB);
            RenderTexture before = RenderTexture.active;
            var copy = new Texture2D(texture.width, texture.height, TextureFormat.RGBA32, false);
            try
            {
                EncodedBlit.Draw(texture, target, Vector2.one, Vector2.zero);
                RenderTexture.active = target;
                copy.ReadPixels(new Rect(0, 0, texture.width, texture.height), 0, 0);
                return new TexturePixels(copy.GetPixels32(), texture.width, texture.height);
            }
            finally
            {
                RenderTexture.active = before;
                RenderTexture.ReleaseTemporary(target);
                Object.DestroyImmediate(copy);
            }
        }

        /// <summary>The picture as an image file would give it: the planes that are asked for, the uppermost row first.</summary>
        public Image ToImage(ImageColor color)
        {
            var image = new Image();
            RgbaPixels.Unpack(MemoryMarshal.AsBytes<Color32>(_pixels), _width, _height, RowOrder.BottomUp, color, image);
            return image;
        }
    }
}
