using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Cortado.Backends;
using Cortado.Inference;
using UnityEngine;

namespace Cortado.Unity
{
    // What happens while the component is enabled: a thread classifies, and each frame looks at it for an instant.
    public sealed partial class ImageClassifier
    {
        private readonly List<PendingClassification> _pending = new List<PendingClassification>();
        private readonly HashSet<string> _told = new HashSet<string>();
        private readonly ClassScore[] _best = new ClassScore[Classification.MaxCount];
        private BackgroundClassifier _background;
        private BackgroundLife _life;
        private BackgroundStatus _seen;
        private FrameReader _frames;
        private TaskCompletionSource<bool> _warm;
        private NetworkAsset _loading;
        private ClassifierDevice _opened;
        private volatile string _note;
        private int _revision;
        private double _nextTime;
        private bool _isRequested;

        /// <summary>What classifies now; null while disabled.</summary>
        internal BackgroundClassifier Background => _background;

        /// <summary>Opens what computes; tests put another one here.</summary>
        internal Func<ClassifierDevice, Action<string>, IBackend> OpenDevice { get; set; } = ComputeDevice.Open;

        private void OnEnable()
        {
            Error = "";
            Latest = default;
            _nextTime = 0;
        }

        private void OnDisable() => Close();

        private void Update()
        {
            if (_background != null && (_network == null || _opened != _device)) Close();
            if (_network == null) return;
            if (_background == null) Open();
            if (_network != _loading || _network.Revision != _revision) Load();
            // Whoever is told of an error may disable the component on the spot.
            if (_background == null) return;
            _background.Top = _topK;
            _background.Smoothing = _smoothing;
            _background.BeginFrame(_budgetMilliseconds);
            Look();
            if (_background == null) return;
            AdvancePending();
            TakePicture();
            Publish();
        }

        private void Open()
        {
            BackgroundLife life = _life = new BackgroundLife();
            ClassifierDevice device = _device;
            Func<ClassifierDevice, Action<string>, IBackend> open = OpenDevice;
            var background = new BackgroundClassifier(() => open(device, note => _note = note), life.Ended);
            life.Begin(background.Stop, background.Join);
            _background = background;
            _opened = device;
            _loading = null;
            _frames = new FrameReader(Submit, Report);
        }

        private void Close()
        {
            _background?.Stop();
            _background = null;
            _seen = null;
            _frames?.Close(_life.IsOver);
            _frames = null;
            _loading = null;
            _isRequested = false;
            IsReady = false;
            DeviceName = "";
            foreach (PendingClassification pending in _pending) pending.Cancel(_life != null && _life.IsOver);
            _pending.Clear();
            _warm?.TrySetCanceled();
            _warm = null;
        }

        private void Load()
        {
            _loading = _network;
            _revision = _network.Revision;
            Error = "";
            _told.Clear();
            try
            {
                TrainedNetwork network = _network.Describe();
                _background.Load(backend => Classifier.Load(network, backend));
            }
            catch (CortadoException failure)
            {
                Fail(failure);
            }
        }

        private void Look()
        {
            string note = _note;
            if (!string.IsNullOrEmpty(note))
            {
                _note = null;
                Debug.LogWarning(note, this);
            }
            BackgroundStatus status = _background.Status;
            if (ReferenceEquals(status, _seen)) return;
            _seen = status;
            if (status.State == BackgroundState.Ready)
            {
                IsReady = true;
                DeviceName = status.Device;
                foreach (string assumed in status.Notes) Debug.LogWarning(assumed, this);
                _warm?.TrySetResult(true);
                _warm = null;
            }
            else if (status.State == BackgroundState.Failed)
            {
                Fail(status.Failure);
            }
        }

        private void Fail(Exception failure)
        {
            IsReady = _background.Status.ImageWidth > 0;
            _warm?.TrySetException(failure);
            _warm = null;
            Report(failure is CortadoException ? failure.Message : failure.ToString());
        }

        // The same trouble is told once, and not in every frame.
        private void Report(string message)
        {
            Error = message;
            if (!_told.Add(message)) return;
            Debug.LogError(message, this);
            _onError.Invoke(message);
        }

        private void AdvancePending()
        {
            for (int i = 0; i < _pending.Count; i++)
            {
                PendingClassification pending = _pending[i];
                if (!pending.Advance(_background)) continue;
                _pending.Remove(pending);
                i--;
                if (_background == null) return;
            }
        }

        private void TakePicture()
        {
            if (_background == null || !IsReady || (_sourceCamera == null && _sourceTexture == null) || !IsDue()) return;
            BackgroundStatus status = _background.Status;
            if (status.ImageWidth == 0 || !_frames.TryRequest(_sourceCamera, _sourceTexture, _region, status.ImageWidth, status.ImageHeight, 0)) return;
            _isRequested = false;
            _nextTime = Math.Max(_nextTime + 1 / Math.Max(_timesPerSecond, 0.01), Time.unscaledTimeAsDouble);
        }

        private bool IsDue()
        {
            if (_isRequested) return true;
            switch (_rate)
            {
                case ClassificationRate.EveryFrame: return true;
                case ClassificationRate.PerSecond: return Time.unscaledTimeAsDouble >= _nextTime;
                default: return false;
            }
        }

        private void Submit(ReadOnlySpan<byte> rgba, int width, int height, double time, int tag) => _background?.Submit(rgba, width, height, time);

        private void Publish()
        {
            if (_background == null || !_background.TryTake(_best, out BackgroundResultInfo info)) return;
            Error = "";
            Latest = new Classification(_best.AsSpan(0, info.Count), info.Time, info.Number);
            ComputeMilliseconds = (float)info.Computing.TotalMilliseconds;
            _onClassified.Invoke(Latest);
        }
    }
}
