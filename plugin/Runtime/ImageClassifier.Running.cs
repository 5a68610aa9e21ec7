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
        // Of ClassifyAsync's pictures; those that are not on their way wait for the next frame.
        private const int MostAskedFor = 8;

        private readonly List<PendingClassification> _pending = new List<PendingClassification>();
        private readonly Stack<ClassificationRequest> _spare = new Stack<ClassificationRequest>();
        private readonly HashSet<string> _told = new HashSet<string>();
        private readonly ClassScore[] _best = new ClassScore[Classification.MaxCount];
        private BackgroundClassifier _background;
        private BackgroundLife _life;
        private BackgroundStatus _seen;
        private FrameReader _frames, _asked;
        private TaskCompletionSource<bool> _warm;
        private NetworkAsset _loading;
        private Exception _loadFailure;
        private ClassifierDevice _opened;
        private volatile string _note;
        private int _revision, _networkNumber, _lastAsked;
        private double _nextTime;
        private bool _isRequested, _isSilenceTold;

        /// <summary>What classifies now; null while disabled.</summary>
        internal BackgroundClassifier Background => _background;

        /// <summary>Opens what computes; tests put another one here.</summary>
        internal Func<ClassifierDevice, Action<string>, IBackend> OpenDevice { get; set; } = ComputeDevice.Open;

        // Whether what was loaded last, well or not, is what the settings ask for now.
        private bool IsCurrent => _network == _loading && _network.Revision == _revision && _device == _opened;

        // Other scripts may have called already: what they asked for stays.
        private void OnEnable()
        {
            Error = "";
            Latest = default;
            _nextTime = 0;
            _isSilenceTold = false;
        }

        private void OnDisable() => Close();

        private void Update()
        {
            if (_background != null && (_network == null || _opened != _device)) Close();
            if (_network == null)
            {
                TellSilence("has no network: set its Network.");
                return;
            }
            if (_background == null) Open();
            if (!IsCurrent) Load();
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
            _frames = new FrameReader(Submit, (message, tag) => Report(message));
            _asked = new FrameReader(SubmitAsked, FailAsked, MostAskedFor);
        }

        private void Close()
        {
            _background?.Stop();
            _background = null;
            _seen = null;
            _frames?.Close(_life.IsOver);
            _asked?.Close(_life.IsOver);
            _frames = _asked = null;
            // The thread may still be at one of them.
            _spare.Clear();
            _loading = null;
            _loadFailure = null;
            _isRequested = false;
            IsReady = false;
            DeviceName = "";
            foreach (PendingClassification pending in _pending) pending.Cancel();
            _pending.Clear();
            _warm?.TrySetCanceled();
            _warm = null;
        }

        private void Load()
        {
            _loading = _network;
            _revision = _network.Revision;
            _networkNumber = 0;
            _loadFailure = null;
            Error = "";
            _told.Clear();
            try
            {
                TrainedNetwork network = _network.Describe();
                _networkNumber = _background.Load(backend => Classifier.Load(network, backend));
            }
            catch (CortadoException failure)
            {
                FailLoad(failure);
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
            IsReady = status.ImageWidth > 0;
            if (status.State == BackgroundState.Ready)
            {
                DeviceName = status.Device;
                foreach (string assumed in status.Notes) Debug.LogWarning(assumed, this);
            }
            if (IsLoaded(status))
            {
                _warm?.TrySetResult(true);
                _warm = null;
            }
            if (status.State != BackgroundState.Failed) return;
            // One picture may fail; the network stays. A network that is not wanted any more may fail too.
            if (IsReady) Report(status.Failure);
            else if (status.Network == _networkNumber) FailLoad(status.Failure);
        }

        private bool IsLoaded(BackgroundStatus status) => status != null && status.Network == _networkNumber && status.ImageWidth > 0;

        // All who wait for this network, and who ask for it later, are told why there is none.
        private void FailLoad(Exception failure)
        {
            _loadFailure = failure;
            _warm?.TrySetException(failure);
            _warm = null;
            Report(failure);
        }

        private void Report(Exception failure) => Report(failure is CortadoException ? failure.Message : failure.ToString());

        // The same trouble is told once, and not in every frame.
        private void Report(string message)
        {
            Error = message;
            if (!_told.Add(message)) return;
            Debug.LogError(message, this);
            _onError.Invoke(message);
        }

        // Nothing is wrong, but whoever waits for results would wait in vain.
        private void TellSilence(string why)
        {
            if (_isSilenceTold || _rate == ClassificationRate.OnDemand) return;
            _isSilenceTold = true;
            Debug.LogWarning($"The image classifier of '{name}' {why}", this);
        }

        private void AdvancePending()
        {
            for (int i = 0; i < _pending.Count; i++)
            {
                PendingClassification pending = _pending[i];
                if (!pending.Advance(_background.Status, _asked, _loadFailure)) continue;
                _pending.RemoveAt(i--);
                if (pending.Request != null && pending.Request.IsDone) _spare.Push(pending.Request);
            }
        }

        private PendingClassification Asked(int number)
        {
            foreach (PendingClassification pending in _pending)
                if (pending.Number == number) return pending;
            return null;
        }

        private void SubmitAsked(ReadOnlySpan<byte> rgba, int width, int height, double time, int tag) =>
            Asked(tag)?.Submit(_background, _spare.Count > 0 ? _spare.Pop() : new ClassificationRequest(), rgba, width, height);

        private void FailAsked(string message, int tag) => Asked(tag)?.Fail(new CortadoException(message));

        private void TakePicture()
        {
            if (_background == null || !IsReady || !IsDue()) return;
            if (_sourceCamera == null && _sourceTexture == null)
            {
                // Who asks for textures of their own needs no source.
                if (_lastAsked == 0) TellSilence("has nothing to look at: set its Source Camera or Source Texture, or its Rate to On Demand where only scripts ask.");
                return;
            }
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
            if (_loadFailure == null) Error = "";
            Latest = new Classification(_best.AsSpan(0, info.Count), info.Time, info.Number);
            ComputeMilliseconds = (float)info.Computing.TotalMilliseconds;
            _onClassified.Invoke(Latest);
        }
    }
}
