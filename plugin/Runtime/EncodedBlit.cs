using UnityEngine;

namespace Cortado.Unity
{
    /// <summary>Draws a texture so that what the device stores is what an image file would hold: sRGB-encoded in linear projects, and as it is in gamma projects.</summary>
    internal static class EncodedBlit
    {
        /// <summary>Draws over the whole target: at (u, v) of it stands the source's colour at (u, v) * scale + offset. The device's settings are left as they were.</summary>
        public static void Draw(Texture source, RenderTexture target, Vector2 scale, Vector2 offset)
        {
            RenderTexture active = RenderTexture.active;
            bool encodes = GL.sRGBWrite;
            GL.sRGBWrite = QualitySettings.activeColorSpace == ColorSpace.Linear;
            Graphics.Blit(source, target, scale, offset);
            GL.sRGBWrite = encodes;
            RenderTexture.active = active;
        }
    }
}
