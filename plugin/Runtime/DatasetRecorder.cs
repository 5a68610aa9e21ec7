using UnityEngine;
using UnityEngine.Events;

namespace Cortado.Unity
{
    /// <summary>Records what a camera or a texture shows, with labels, as the databases that trainings read.</summary>
    [AddComponentMenu("Cortado/Dataset Recorder")]
    [HelpURL(PackageLinks.Manual + "dataset-recorder.html")]
    public sealed class DatasetRecorder : MonoBehaviour
    {
        [Tooltip("The camera that is recorded. It is drawn once more for each example, unless it has a target texture.")]
        [SerializeField] private Camera _sourceCamera;

        [Tooltip("The texture that is recorded where no camera is set.")]
        [SerializeField] private Texture _sourceTexture;

        [Tooltip("The part of the picture that is recorded: 0 to 1 from the lower left corner.")]
        [SerializeField] private Rect _region = new Rect(0, 0, 1, 1);

        [Tooltip("The folder that gets train_lmdb, val_lmdb and labels.txt. A relative one lies in the project's folder in the editor, in Application.persistentDataPath in a player.")]
        [SerializeField] private string _folder = "Recordings";

        [Tooltip("The names of the classes; label 0 first.")]
        [SerializeField] private string[] _labels = { "first", "second" };

        [Tooltip("The label of what is recorded next.")]
        [SerializeField, Min(0)] private int _label;

        [Tooltip("Columns of a recorded picture.")]
        [SerializeField, Min(1)] private int _width = 70;

        [Tooltip("Rows of a recorded picture.")]
        [SerializeField, Min(1)] private int _height = 70;

        [Tooltip("The share of the examples that goes into the validation database.")]
        [SerializeField, Range(0, 0.9f)] private float _validationShare = 0.2f;

        [Tooltip("Examples a second while it records; 0 records only what a script captures.")]
        [SerializeField, Min(0)] private float _timesPerSecond;

        [Tooltip("Told once when something is wrong, on the main thread.")]
        [SerializeField] private UnityEvent<string> _onError = new UnityEvent<string>();

        /// <summary>The camera that is recorded; null for <see cref="SourceTexture"/>.</summary>
        public Camera SourceCamera { get => _sourceCamera; set => _sourceCamera = value; }

        /// <summary>The texture that is recorded where <see cref="SourceCamera"/> is null.</summary>
        public Texture SourceTexture { get => _sourceTexture; set => _sourceTexture = value; }

        /// <summary>The part of the picture that is recorded: 0 to 1 from the lower left corner.</summary>
        public Rect Region { get => _region; set => _region = value; }

        /// <summary>The folder that gets train_lmdb, val_lmdb and labels.txt.</summary>
        public string Folder { get => _folder; set => _folder = value; }

        /// <summary>The names of the classes; label 0 first.</summary>
        public string[] Labels { get => _labels; set => _labels = value; }

        /// <summary>The label of what is recorded next.</summary>
        public int Label { get => _label; set => _label = value; }

        /// <summary>Columns of a recorded picture.</summary>
        public int Width { get => _width; set => _width = value; }

        /// <summary>Rows of a recorded picture.</summary>
        public int Height { get => _height; set => _height = value; }

        /// <summary>The share of the examples that goes into the validation database, 0 to 0.9.</summary>
        public float ValidationShare { get => _validationShare; set => _validationShare = value; }

        /// <summary>Examples a second while it records; 0 records only what a script captures.</summary>
        public float TimesPerSecond { get => _timesPerSecond; set => _timesPerSecond = value; }

        /// <summary>Told once when something is wrong, on the main thread.</summary>
        public UnityEvent<string> OnError => _onError;

        /// <summary>Whether a recording is open.</summary>
        public bool IsRecording { get; private set; }

        /// <summary>Examples in the training database.</summary>
        public int TrainCount { get; private set; }

        /// <summary>Examples in the validation database.</summary>
        public int ValidationCount { get; private set; }

        /// <summary>The folder with its full path.</summary>
        public string FullFolder => _folder;

        /// <summary>Opens the databases; what is there already stays and is added to.</summary>
        public void StartRecording() => IsRecording = true;

        /// <summary>Writes what is on its way and closes the databases.</summary>
        public void StopRecording() => IsRecording = false;

        /// <summary>Records the source as it is now, with <see cref="Label"/>.</summary>
        public void Capture() => Capture(_label);

        /// <summary>Records the source as it is now.</summary>
        public void Capture(int label)
        {
        }

        /// <summary>Examples of a class in both databases.</summary>
        public int CountOf(int label) => 0;
    }
}
