using System;
using System.Runtime.InteropServices;
using Unity.Collections;
using UnityEngine;
using UnityEngine.Experimental.Rendering;
using UnityEngine.Rendering;

namespace Cortado.Unity
{
    /// <summary>
    /// Brings pictures of a camera or a texture from the graphics device without waiting for it: the wanted region is drawn at the wanted size, and its bytes arrive some frames later,
    /// sRGB-encoded as in an image file, row 0 the lowest. Several may be on their way. Main thread only.
    /// </summary>
    internal sealed class FrameReader
    {
        /// <summary>Given a picture: 4 x width x height bytes of RGBA, valid during the call.</summary>
        public delegate void Receiver(ReadOnlySpan<byte> rgba, int width, int height, double time, int tag);

        /// <summary>Told what is wrong with a picture, by the tag that it was asked for with.</summary>
        public delegate void FailureReceiver(string message, int tag);

        private readonly Flight[] _flights;
        private readonly Receiver _receive;
        private readonly FailureReceiver _fail;
        private RenderTexture _view;
        private bool _closed;

        /// <param name="receive">Is given pictures.</param>
        /// <param name="fail">Is told what is wrong.</param>
        /// <param name="most">How many may be on their way.</param>
        public FrameReader(Receiver receive, FailureReceiver fail, int most = 3)
        {
            _flights = new Flight[most];
            _receive = receive;
            _fail = fail;
            for (int i = 0; i < _flights.Length; i++) _flights[i] = new Flight(this);
        }

        /// <summary>Whether another picture can be asked for now.</summary>
        public bool HasRoom => Free() != null;

        /// <summary>Whether nothing is on its way.</summary>
        public bool IsIdle
        {
            get
            {
                foreach (Flight flight in _flights)
                    if (flight.IsBusy) return false;
                return true;
            }
        }

        /// <summary>Asks for a picture as the source shows it now.</summary>
        /// <param name="camera">The camera; null for the texture. One with a target texture shows what it drew last; any other is drawn for this.</param>
        /// <param name="texture">The texture.</param>
        /// <param name="region">The part wanted: 0 to 1 from the lower left corner.</param>
        /// <param name="width">Columns wanted.</param>
        /// <param name="height">Rows wanted.</param>
        /// <param name="tag">Given with the picture.</param>
        /// <returns>False where nothing was asked for: too many are on their way, or a web camera has nothing new.</returns>
        public bool TryRequest(Camera camera, Texture texture, Rect region, int width, int height, int tag)
        {
            Flight flight = Free();
            if (flight == null || (camera == null && texture is WebCamTexture webcam && !webcam.didUpdateThisFrame)) return false;
            if (!SystemInfo.supportsAsyncGPUReadback)
            {
                _fail("This graphics device cannot read pictures back without stalling the game (SystemInfo.supportsAsyncGPUReadback is false).", tag);
                return false;
            }
            region = Inside(region);
            Texture source = camera != null ? Picture(camera, region, width, height) : texture;
            flight.Request(source, source is WebCamTexture turned ? QuarterTurn.Of(turned.videoRotationAngle) : default, region, width, height, tag);
            return true;
        }

        /// <summary>Gives the textures back; those of pictures on their way when these arrive, which nobody is told of.</summary>
        /// <param name="wait">Whether nothing can arrive any more, because the scripts' domain goes: then the device is waited for, this once.</param>
        public void Close(bool wait)
        {
            _closed = true;
            Release(ref _view);
            foreach (Flight flight in _flights) flight.Close(wait);
        }

        private Flight Free()
        {
            foreach (Flight flight in _flights)
                if (!flight.IsBusy) return flight;
            return null;
        }

        private Texture Picture(Camera camera, Rect region, int width, int height)
        {
            RenderTexture own = camera.targetTexture;
            if (own != null)
            {
                if (!camera.isActiveAndEnabled) camera.Render();
                return own;
            }
            Prepare(ref _view, Mathf.Max(1, Mathf.RoundToInt(width / region.width)), Mathf.Max(1, Mathf.RoundToInt(height / region.height)), 24);
            camera.targetTexture = _view;
            try
            {
                camera.Render();
            }
            finally
            {
                camera.targetTexture = null;
            }
            return _view;
        }

        // What the device stores is what an image file would hold: sRGB-encoded in linear projects, and as it is in gamma projects.
        private static void Prepare(ref RenderTexture texture, int width, int height, int depth)
        {
            if (texture != null && texture.width == width && texture.height == height) return;
            Release(ref texture);
            texture = new RenderTexture(width, height, depth, RenderTextureFormat.ARGB32, RenderTextureReadWrite.sRGB) { name = "Cortado frame", hideFlags = HideFlags.HideAndDontSave, filterMode = FilterMode.Bilinear };
            texture.Create();
        }

        private static void Release(ref RenderTexture texture)
        {
            if (texture == null) return;
            texture.Release();
            if (Application.isPlaying) UnityEngine.Object.Destroy(texture);
            else UnityEngine.Object.DestroyImmediate(texture);
            texture = null;
        }

        private static Rect Inside(Rect region)
        {
            float x = Mathf.Clamp01(region.x), y = Mathf.Clamp01(region.y);
            float width = Mathf.Min(region.width, 1 - x), height = Mathf.Min(region.height, 1 - y);
            return width > 0 && height > 0 ? new Rect(x, y, width, height) : new Rect(0, 0, 1, 1);
        }

        private static void Draw(Texture source, Rect region, RenderTexture target)
        {
            var scale = new Vector2(region.width, region.height);
            var offset = new Vector2(region.x, region.y);
            if (source is WebCamTexture webcam && webcam.videoVerticallyMirrored)
            {
                scale.y = -region.height;
                offset.y = 1 - region.y;
            }
            EncodedBlit.Draw(source, target, scale, offset);
        }

        /// <summary>One picture on its way, with a texture of its own that stays until it has arrived.</summary>
        private sealed class Flight
        {
            private readonly FrameReader _reader;
            private readonly Action<AsyncGPUReadbackRequest> _arrived;
            private AsyncGPUReadbackRequest _request;
            private RenderTexture _texture;
            private double _time;
            private QuarterTurn _turn;
            private uint[] _upright = Array.Empty<uint>();
            private int _tag;

            public Flight(FrameReader reader)
            {
                _reader = reader;
                _arrived = Arrived;
            }

            public bool IsBusy { get; private set; }

            public void Request(Texture source, QuarterTurn turn, Rect region, int width, int height, int tag)
            {
                _turn = turn;
                Prepare(ref _texture, turn.IsSideways ? height : width, turn.IsSideways ? width : height, 0);
                Draw(source, turn.Stored(region), _texture);
                (_time, _tag, IsBusy) = (Time.unscaledTimeAsDouble, tag, true);
                // Red, green, blue, alpha in this order, whichever the device prefers; the encoding stays.
                GraphicsFormat format = QualitySettings.activeColorSpace == ColorSpace.Linear ? GraphicsFormat.R8G8B8A8_SRGB : GraphicsFormat.R8G8B8A8_UNorm;
                _request = AsyncGPUReadback.Request(_texture, 0, format, _arrived);
            }

            public void Close(bool wait)
            {
                if (IsBusy && !wait) return;
                if (IsBusy) _request.WaitForCompletion();
                Release(ref _texture);
            }

            private void Arrived(AsyncGPUReadbackRequest request)
            {
                IsBusy = false;
                if (_reader._closed)
                {
                    Release(ref _texture);
                    return;
                }
                if (request.hasError) _reader._fail("A picture could not be read back from the graphics device.", _tag);
                else Give(request.GetData<byte>().AsReadOnlySpan(), request.width, request.height);
            }

            private void Give(ReadOnlySpan<byte> rgba, int width, int height)
            {
                if (_turn.IsNone)
                {
                    _reader._receive(rgba, width, height, _time, _tag);
                    return;
                }
                if (_upright.Length != width * height) _upright = new uint[width * height];
                _turn.Turn(MemoryMarshal.Cast<byte, uint>(rgba), width, height, _upright);
                if (_turn.IsSideways) (width, height) = (height, width);
                _reader._receive(MemoryMarshal.AsBytes<uint>(_upright), width, height, _time, _tag);
            }
        }
    }
}
