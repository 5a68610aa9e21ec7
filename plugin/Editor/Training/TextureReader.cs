using System.Runtime.InteropServices;
using Cortado.Data;
using UnityEngine;

namespace Cortado.Unity.Editor
{
    /// <summary>Reads a texture's pixels, whether it is readable or not: it is drawn once and read back, which waits for the graphics device. Main thread only.</summary>
    internal static class TextureReader
    {
        /// <summary>The picture as an image file would hold it: blue, green and red planes, the uppermost row first.</summary>
        public static Cortado.Data.Image Read(Texture texture)
        {
            RenderTexture target = RenderTexture.GetTemporary(texture.width, texture.height, 0, RenderTextureFormat.ARGB32, RenderTextureReadWrite.sRGB);
            RenderTexture before = RenderTexture.active;
            var copy = new Texture2D(texture.width, texture.height, TextureFormat.RGBA32, false);
            try
            {
                Graphics.Blit(texture, target);
                RenderTexture.active = target;
                copy.ReadPixels(new Rect(0, 0, texture.width, texture.height), 0, 0);
                var image = new Cortado.Data.Image();
                RgbaPixels.Unpack(MemoryMarshal.AsBytes<Color32>(copy.GetPixels32()), texture.width, texture.height, RowOrder.BottomUp, ImageColor.Color, image);
                return image;
            }
            finally
            {
                RenderTexture.active = before;
                RenderTexture.ReleaseTemporary(target);
                Object.DestroyImmediate(copy);
            }
        }
    }
}
