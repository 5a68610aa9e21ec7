using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Rendering;

namespace UnityDoubles
{
    /// <summary>The graphics device of one engine: what draws for its cameras, and the readbacks on their way.</summary>
    public sealed class GraphicsDevice : IDisposable
    {
        private readonly PlayerLoop _world;
        private readonly List<Readback> _pending = new List<Readback>();
        private readonly List<Readback> _shown = new List<Readback>();
        private readonly Stack<Readback> _free = new Stack<Readback>();

        internal GraphicsDevice(PlayerLoop world) => _world = world;

        /// <summary>Draws for cameras; null leaves their targets as they are.</summary>
        public ICameraRenderer Renderer { get; set; }

        /// <summary>Frames between a readback's request and its result.</summary>
        public int ReadbackFrames { get; set; } = 2;

        /// <summary>Whether the device can read back without a stall.</summary>
        public bool SupportsReadback { get; set; } = true;

        /// <summary>How many of the next readbacks fail, as on a lost device.</summary>
        public int FailingReadbacks { get; set; }

        /// <summary>The project's colour space.</summary>
        public ColorSpace ColorSpace { get; set; } = ColorSpace.Linear;

        /// <summary>The graphics interface.</summary>
        public GraphicsDeviceType DeviceType { get; set; } = GraphicsDeviceType.Vulkan;

        /// <summary>Readbacks asked for so far.</summary>
        public int Requests { get; private set; }

        /// <summary>Readbacks on their way.</summary>
        public int PendingReadbacks => _pending.Count;

        /// <summary>How often a script waited for the device: each is a stall that players feel.</summary>
        public int Stalls { get; internal set; }

        /// <summary>Render textures that hold memory on the device.</summary>
        public int LiveRenderTextures { get; internal set; }

        /// <summary>How often a camera was drawn.</summary>
        public int Renders { get; private set; }

        internal RenderTexture Active { get; set; }

        internal bool EncodesSrgb { get; set; } = true;

        internal AsyncGPUReadbackRequest Request(Texture source, Action<AsyncGPUReadbackRequest> callback)
        {
            _world.OnMainThread("AsyncGPUReadback.Request");
            if (source == null) throw new ArgumentNullException(nameof(source));
            Requests++;
            Readback readback = _free.Count > 0 ? _free.Pop() : new Readback();
            bool fails = FailingReadbacks > 0 || !SupportsReadback;
            if (FailingReadbacks > 0) FailingReadbacks--;
            long begun = _world.BeginDeviceWork();
            readback.Begin(source, callback, _world.Time.Frame + ReadbackFrames, fails);
            _world.EndDeviceWork(begun);
            _pending.Add(readback);
            return new AsyncGPUReadbackRequest(readback);
        }

        internal void WaitFor(Readback readback)
        {
            Stalls++;
            if (_pending.Remove(readback)) Finish(readback);
        }

        internal void WaitAll()
        {
            Stalls++;
            while (_pending.Count > 0)
            {
                Readback first = _pending[0];
                _pending.RemoveAt(0);
                Finish(first);
            }
        }

        internal void FinishReadbacks()
        {
            // What a callback asks for joins the end of the list and is not due yet.
            for (int i = 0; i < _pending.Count; i++)
            {
                Readback readback = _pending[i];
                if (readback.Due > _world.Time.Frame) continue;
                _pending.RemoveAt(i--);
                Finish(readback);
            }
        }

        /// <summary>Data is there for one frame only.</summary>
        internal void DropShownReadbacks()
        {
            for (int i = _shown.Count - 1; i >= 0; i--)
            {
                if (_shown[i].FinishedIn >= _world.Time.Frame) continue;
                _shown[i].End();
                _free.Push(_shown[i]);
                _shown.RemoveAt(i);
            }
        }

        internal void ForgetCallbacks()
        {
            foreach (Readback readback in _pending) readback.Callback = null;
        }

        internal void RenderCameras()
        {
            if (Renderer == null) return;
            foreach (UnityEngine.Object candidate in _world.Snapshot)
                if (candidate is Camera camera && camera.isActiveAndEnabled && camera.targetTexture != null) Render(camera);
        }

        internal void Render(Camera camera)
        {
            Renders++;
            long begun = _world.BeginDeviceWork();
            Renderer?.Render(camera, camera.targetTexture);
            _world.EndDeviceWork(begun);
        }

        private void Finish(Readback readback)
        {
            readback.Finish(_world.Time.Frame);
            _shown.Add(readback);
            Action<AsyncGPUReadbackRequest> callback = readback.Callback;
            if (callback == null) return;
            try
            {
                _world.CallBack(callback, new AsyncGPUReadbackRequest(readback));
            }
            catch (Exception error)
            {
                Debug.LogException(error);
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (Readback readback in _pending) readback.End();
            foreach (Readback readback in _shown) readback.End();
            foreach (Readback readback in _free) readback.Dispose();
        }
    }
}
