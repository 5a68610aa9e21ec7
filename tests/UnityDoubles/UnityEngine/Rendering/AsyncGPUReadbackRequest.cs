using System;
using Unity.Collections;
using UnityDoubles;

namespace UnityEngine.Rendering
{
    public struct AsyncGPUReadbackRequest
    {
        private readonly Readback _readback;
        private readonly int _version;

        internal AsyncGPUReadbackRequest(Readback readback)
        {
            _readback = readback;
            _version = readback.Version;
        }

        public bool done => IsGone || _readback.Done;

        public bool hasError => IsGone || _readback.Failed;

        public int width => _readback.Width;

        public int height => _readback.Height;

        public int depth => 1;

        public int layerCount => 1;

        public int layerDataSize => _readback.Data.Length;

        private bool IsGone => _readback == null || _readback.Version != _version;

        public NativeArray<T> GetData<T>(int layer = 0) where T : struct
        {
            if (!done || hasError) throw new InvalidOperationException("Cannot access the data as it is not available");
            if (layer != 0) throw new ArgumentException("Layer index is out of range");
            return _readback.Data.As<T>();
        }

        public void Update()
        {
        }

        public void WaitForCompletion()
        {
            if (!IsGone && !_readback.Done) PlayerLoop.Current.Gpu.WaitFor(_readback);
        }
    }
}
