using System;
using UnityEngine;

namespace Cortado.Unity
{
    /// <summary>
    /// How a phone's camera lies to its picture: the picture is stored as the camera's chip is built in, and has to be turned clockwise by <see cref="WebCamTexture.videoRotationAngle"/> to stand upright.
    /// Coordinates count from the lower left corner.
    /// </summary>
    internal readonly struct QuarterTurn
    {
        private readonly int _turns;

        private QuarterTurn(int turns) => _turns = turns;

        /// <summary>Whether the picture stands upright as it is stored.</summary>
        public bool IsNone => _turns == 0;

        /// <summary>Whether its columns become rows.</summary>
        public bool IsSideways => (_turns & 1) != 0;

        /// <summary>The turn by an angle, in degrees clockwise; the nearest quarter counts.</summary>
        public static QuarterTurn Of(int degrees) => new QuarterTurn(Mathf.RoundToInt(degrees / 90f) & 3);

        /// <summary>Where a region of the upright picture lies in the stored one.</summary>
        public Rect Stored(Rect upright)
        {
            float right = 1 - upright.x - upright.width, above = 1 - upright.y - upright.height;
            switch (_turns)
            {
                case 1: return new Rect(above, upright.x, upright.height, upright.width);
                case 2: return new Rect(right, above, upright.width, upright.height);
                case 3: return new Rect(upright.y, right, upright.height, upright.width);
                default: return upright;
            }
        }

        /// <summary>Turns a picture upright.</summary>
        /// <param name="stored">Its pixels, row after row.</param>
        /// <param name="width">Its columns, as stored.</param>
        /// <param name="height">Its rows, as stored.</param>
        /// <param name="upright">Gets as many pixels; they have the stored rows as columns where it <see cref="IsSideways"/>.</param>
        public void Turn(ReadOnlySpan<uint> stored, int width, int height, Span<uint> upright)
        {
            int first, right, up;
            switch (_turns)
            {
                case 1: (first, right, up) = (width - 1, width, -1); break;
                case 2: (first, right, up) = (width * height - 1, -1, -width); break;
                case 3: (first, right, up) = (width * (height - 1), -width, 1); break;
                default: (first, right, up) = (0, 1, width); break;
            }
            int columns = IsSideways ? height : width, rows = IsSideways ? width : height;
            for (int y = 0; y < rows; y++)
                for (int x = 0; x < columns; x++) upright[y * columns + x] = stored[first + x * right + y * up];
        }
    }
}
