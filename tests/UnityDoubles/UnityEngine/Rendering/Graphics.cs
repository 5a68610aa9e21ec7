using System.Runtime.InteropServices;
using UnityDoubles;

namespace UnityEngine
{
    public class Graphics
    {
        public static void Blit(Texture source, RenderTexture dest) => Blit(source, dest, Vector2.one, Vector2.zero);

        /// <summary>Draws the source over the whole target: at (u, v) of the target stands the source's colour at (u, v) * scale + offset.</summary>
        public static void Blit(Texture source, RenderTexture dest, Vector2 scale, Vector2 offset)
        {
            PlayerLoop world = PlayerLoop.Current.OnMainThread("Graphics.Blit");
            long begun = world.BeginDeviceWork();
            RenderTexture.active = dest;
            if (source.Stored.Length == 0 && source is RenderTexture made) made.Create();
            System.Span<Color32> target = dest.Write();
            for (int y = 0; y < dest.height; y++)
                for (int x = 0; x < dest.width; x++)
                {
                    float u = (x + 0.5f) / dest.width * scale.x + offset.x, v = (y + 0.5f) / dest.height * scale.y + offset.y;
                    target[y * dest.width + x] = Encode(Sample(source, u, v), dest.isDataSRGB && GL.sRGBWrite);
                }
            world.EndDeviceWork(begun);
        }

        // The device filters what it has decoded, so in linear light where the texture is sRGB.
        private static Color Sample(Texture source, float u, float v)
        {
            float x = u * source.width - 0.5f, y = v * source.height - 0.5f;
            if (source.filterMode == FilterMode.Point) return Texel(source, Mathf.FloorToInt(x + 0.5f), Mathf.FloorToInt(y + 0.5f));
            int left = Mathf.FloorToInt(x), low = Mathf.FloorToInt(y);
            float dx = x - left, dy = y - low;
            Color lower = Texel(source, left, low) * (1 - dx) + Texel(source, left + 1, low) * dx;
            Color upper = Texel(source, left, low + 1) * (1 - dx) + Texel(source, left + 1, low + 1) * dx;
            return lower * (1 - dy) + upper * dy;
        }

        private static Color Texel(Texture source, int x, int y)
        {
            x = Mathf.Clamp(x, 0, source.width - 1);
            y = Mathf.Clamp(y, 0, source.height - 1);
            Color color = MemoryMarshal.Cast<byte, Color32>(source.Stored)[y * source.width + x];
            return source.isDataSRGB ? color.linear : color;
        }

        private static Color32 Encode(Color color, bool srgb) => srgb ? color.gamma : color;
    }
}
