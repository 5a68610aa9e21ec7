using System.Threading.Tasks;
using UnityEngine;
using UnityEngine.Events;

namespace Cortado.Unity
{
    /// <summary>Says what a camera or a texture shows, while the game goes on.</summary>
    [AddComponentMenu("Cortado/Image Classifier")]
    [HelpURL("https://github.com/cortado/cortado/blob/main/plugin/Documentation~/ImageClassifier.md")]
    public sealed class ImageClassifier : MonoBehaviour
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

        [Tooltip("Milliseconds of computing for each frame of the game, on average. 0 sets no limit.")]
        [SerializeField, Min(0)] private float _budgetMilliseconds = 4;

        [Tooltip("How many classes a result holds.")]
        [SerializeField, Range(1, Classification.MaxCount)] private int _topK = 3;

        [Tooltip("How much of the last result stays in the next: 0 takes each picture for itself, 0.9 changes slowly.")]
        [SerializeField, Range(0, 0.99f)] private float _smoothing;

        [Tooltip("Told of each result, on the main thread.")]
        [SerializeField] private UnityEvent<Classification> _onClassified = new UnityEvent<Classification>();

        [Tooltip("Told once when something is wrong, on the main thread.")]
        [SerializeField] private UnityEvent<string> _onError = new UnityEvent<string>();

        /// <summary>The trained network. It may be changed while the component runs; results of the old one come no more.</summary>
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

        /// <summary>What computes and why, as a sentence; empty before the network is loaded.</summary>
        public string DeviceName { get; private set; } = "";

        /// <summary>What is wrong; empty when all is well.</summary>
        public string Error { get; private set; } = "";

        /// <summary>Takes a picture as soon as it can, whatever the rate. The result comes as any other.</summary>
        public void RequestClassification()
        {
        }

        /// <summary>Classifies a texture, whatever the component's own source shows. Neither region nor smoothing apply.</summary>
        public Task<Classification> ClassifyAsync(Texture texture) => Task.FromResult(default(Classification));

        /// <summary>Loads and compiles now what the first picture would wait for.</summary>
        public Task WarmUp() => Task.CompletedTask;
    }
}
