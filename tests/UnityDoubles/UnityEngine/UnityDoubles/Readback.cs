using System;
using UnityEngine;
using UnityEngine.Rendering;

namespace UnityDoubles
{
    /// <summary>A readback on its way: the texture as it was when it was asked for.</summary>
    internal sealed class Readback : IDisposable
    {
        private byte[] _copy = Array.Empty<byte>();
        private int _length;
        private bool _fails;

        public Action<AsyncGPUReadbackRequest> Callback { get; set; }

        public int Due { get; private set; }

        public int FinishedIn { get; private set; }

        public int Version { get; private set; }

        public int Width { get; private set; }

        public int Height { get; private set; }

        public bool Done { get; private set; }

        public bool Failed { get; private set; }

        public NativeMemory Data { get; } = new NativeMemory();

        public void Begin(Texture source, Action<AsyncGPUReadbackRequest> callback, int due, bool fails)
        {
            (Callback, Due, _fails, Width, Height) = (callback, due, fails, source.width, source.height);
            Done = Failed = false;
            byte[] pixels = source.Stored;
            _length = pixels.Length;
            if (_copy.Length < _length) _copy = new byte[_length];
            Buffer.BlockCopy(pixels, 0, _copy, 0, _length);
        }

        public void Finish(int frame)
        {
            Done = true;
            Failed = _fails;
            FinishedIn = frame;
            if (_fails) return;
            Data.Resize(_length);
            _copy.AsSpan(0, _length).CopyTo(Data.Span);
        }

        public void End()
        {
            Version++;
            Callback = null;
            Data.Invalidate();
        }

        public void Dispose() => Data.Free();
    }
}
