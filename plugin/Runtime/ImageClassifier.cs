using System;
using System.Threading.Tasks;
using UnityEngine;
using UnityEngine.Events;

namespace Cortado.Unity
{
    /// <summary>
    /// Says what a camera or a texture shows, while the game goes on. The network is loaded and compiled on a thread of its own as soon as the component is enabled; pictures come from the
    /// graphics device without waiting for it, are classified on that thread, and results and events arrive on the main thread, in Update.
    /// </summary>
    /// <remarks>
    /// The budget is what that thread may compute for each frame of the game, on average. Work stops at the first layer that ends beyond the share of the frame and goes on in the next one; a layer
    /// that takes longer than a share is paid back by the frames that follow, so a classification of 12 ms with a budget of 4 ms takes three frames or a little more. The
    /// main thread's own part - drawing the picture's region, and copying its bytes when they arrive - is not counted; it is small.
    /// Loading a network and compiling for a device are not under the budget.
    /// </remarks>
    [AddComponentMenu("Cortado/Image Classifier")]
    [HelpURL(PackageLinks.Manual + "image-classifier.html")]
    public sealed partial class ImageClassifier : MonoBehaviour
    {
        [Tooltip("The trained network.")]
        [SerializeField] private NetworkAsset _network;

        [Tooltip("The camera whose picture is classified. It is drawn once more for each picture, unless it has a target texture.")]
        [SerializeField] private Camera _sourceCamera;

        [Tooltip("The texture that is classified where no camera is set: a RenderTexture, a Texture2D or a WebCamTexture.")]
        [SerializeField] private Texture _sourceTexture;

        [Tooltip("The part of the picture that is classified: 0 to 1 from the lower left corner.")]
        [SerializeField] private Rect _region = new Rect(0, 0, 1, 1);

        [Tooltip("How often a picture is taken.")]
        [SerializeField] private ClassificationRate _rate = ClassificationRate.EveryFrame;

        [Tooltip("Pictures a second, where the rate is Per Second.")]
        [SerializeField, Min(0.01f)] private float _timesPerSecond = 10;

        [Tooltip("What computes: the fastest of what there is, an OpenCL device, or the CPU.")]
        [SerializeField] private ClassifierDevice _device = ClassifierDevice.Auto;

        [Tooltip("Milliseconds of computing, on a thread of its own, for each frame of the game, on average. 0 sets no limit.")]
        [SerializeField, Min(0)] private float _budgetMilliseconds = 4;

        [Tooltip("How many classes a result holds.")]
        [SerializeField, Range(1, Classification.MaxCount)] private int _topK = 3;

        [Tooltip("How much of the last result stays in the next: 0 takes each picture for itself, 0.9 changes slowly.")]
        [SerializeField, Range(0, 0.99f)] private float _smoothing;

        [Tooltip("Told of each result, on the main thread.")]
        [SerializeField] private UnityEvent<Classification> _onClassified = new UnityEvent<Classification>();

        [Tooltip("Told once when something is wrong, on the main thread.")]
        [SerializeField] private UnityEvent<string> _onError = new UnityEvent<string>();

        /// <summary>The trained network. It may be changed while the component runs: the old one answers until the new one is loaded, and is then disposed.</summary>
        public NetworkAsset Network { get => _network; set => _network = value; }

        /// <summary>The camera whose picture is classified; null for <see cref="SourceTexture"/>.</summary>
        public Camera SourceCamera { get => _sourceCamera; set => _sourceCamera = value; }

        /// <summary>The texture that is classified where <see cref="SourceCamera"/> is null.</summary>
        public Texture SourceTexture { get => _sourceTexture; set => _sourceTexture = value; }

        /// <summary>The part of the picture that is classified: 0 to 1 from the lower left corner.</summary>
        public Rect Region { get => _region; set => _region = value; }

        /// <summary>How often a picture is taken.</summary>
        public ClassificationRate Rate { get => _rate; set => _rate = value; }

        /// <summary>Pictures a second, where <see cref="Rate"/> is PerSecond.</summary>
        public float TimesPerSecond { get => _timesPerSecond; set => _timesPerSecond = value; }

        /// <summary>What computes.</summary>
        public ClassifierDevice Device { get => _device; set => _device = value; }

        /// <summary>Milliseconds of computing for each frame of the game, on average; 0 sets no limit.</summary>
        public float BudgetMilliseconds { get => _budgetMilliseconds; set => _budgetMilliseconds = value; }

        /// <summary>How many classes a result holds, 1 to <see cref="Classification.MaxCount"/>.</summary>
        public int TopK { get => _topK; set => _topK = value; }

        /// <summary>How much of the last result stays in the next, 0 to 0.99.</summary>
        public float Smoothing { get => _smoothing; set => _smoothing = value; }

        /// <summary>Told of each result, on the main thread.</summary>
        public UnityEvent<Classification> OnClassified => _onClassified;

        /// <summary>Told once when something is wrong, on the main thread.</summary>
        public UnityEvent<string> OnError => _onError;

        /// <summary>The last result.</summary>
        public Classification Latest { get; private set; }

        /// <summary>Whether the network is loaded and compiled.</summary>
        public bool IsReady { get; private set; }

        /// <summary>What computes, in words; empty before the network is loaded.</summary>
        public string DeviceName { get; private set; } = "";

        /// <summary>What is wrong; empty when all is well.</summary>
        public string Error { get; private set; } = "";

        /// <summary>Milliseconds that the last result took to compute, spread over as many frames as the budget asks.</summary>
        public float ComputeMilliseconds { get; private set; }

        /// <summary>Takes a picture as soon as it can, whatever the rate. The result comes as any other.</summary>
        public void RequestClassification() => _isRequested = true;

        /// <summary>
        /// Classifies a texture, whatever the component's own source shows. Neither region nor smoothing apply, and <see cref="Latest"/> and the event leave it out. The result comes on the main thread some frames later, under
        /// the budget.
        /// </summary>
        /// <param name="texture">The texture. It must live until its pixels are read, some frames.</param>
        /// <returns>The result. The task is cancelled when the component is disabled, and fails with what <see cref="OnError"/> says when something is wrong.</returns>
        public Task<Classification> ClassifyAsync(Texture texture)
        {
            if (texture == null) throw new ArgumentNullException(nameof(texture));
            if (Unavailable() is Exception reason) return Task.FromException<Classification>(reason);
            var pending = new PendingClassification(texture, _topK, ++_lastAsked);
            _pending.Add(pending);
            return pending.Task;
        }

        /// <summary>Loads and compiles what the first picture would wait for. That begins by itself when the component is enabled; this tells when it is done.</summary>
        /// <returns>Done when the network is ready; cancelled when the component is disabled; failed with what <see cref="OnError"/> says when it cannot be loaded.</returns>
        public Task WarmUp()
        {
            if (Unavailable() is Exception reason) return Task.FromException(reason);
            if (IsCurrent && IsLoaded(_seen)) return Task.CompletedTask;
            // Whoever waits goes on after Update, not in the midst of it.
            _warm = _warm ?? new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _warm.Task;
        }

        private Exception Unavailable()
        {
            // Not isActiveAndEnabled: that is false before this component's own OnEnable, and another script may begin first.
            if (!enabled || !gameObject.activeInHierarchy) return new InvalidOperationException($"The image classifier of '{name}' is disabled: enable it first.");
            if (_network == null) return new InvalidOperationException($"The image classifier of '{name}' has no network: set its Network first.");
            return IsCurrent ? _loadFailure : null;
        }
    }
}
