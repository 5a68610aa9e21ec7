using System.IO;
using System.Threading.Tasks;
using UnityEngine;
using UnityEngine.Events;

namespace Cortado.Unity
{
    /// <summary>
    /// Records what a camera or a texture shows, with labels, as the databases that trainings read: train_lmdb, val_lmdb and labels.txt in a folder. Pictures come from the graphics device without
    /// waiting for it and are written on a thread of its own; what is there already stays and is added to.
    /// </summary>
    [AddComponentMenu("Cortado/Dataset Recorder")]
    [HelpURL(PackageLinks.Manual + "dataset-recorder.html")]
    public sealed partial class DatasetRecorder : MonoBehaviour
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

        /// <summary>Whether examples are taken.</summary>
        public bool IsRecording { get; private set; }

        /// <summary>Whether a recording's databases are still open: what was taken may be on its way to them.</summary>
        public bool IsWriting => _recording != null && !_recording.HasEnded;

        /// <summary>What is wrong; empty when all is well.</summary>
        public string Error { get; private set; } = "";

        /// <summary>Examples in the training database, once it has been opened.</summary>
        public int TrainCount => _recording?.TrainCount ?? 0;

        /// <summary>Examples in the validation database, once it has been opened.</summary>
        public int ValidationCount => _recording?.ValidationCount ?? 0;

        /// <summary>The folder with its full path.</summary>
        public string FullFolder => Path.GetFullPath(Path.Combine(Application.isEditor ? Path.GetDirectoryName(Application.dataPath) : Application.persistentDataPath, _folder));

        /// <summary>Examples of a class in both databases, once they have been opened.</summary>
        public int CountOf(int label) => _recording?.CountOf(label) ?? 0;

        /// <summary>Opens the databases; what is there already stays and is added to. The settings of the set - folder, classes, share - are taken now.</summary>
        public void StartRecording()
        {
            // Not isActiveAndEnabled: that is false before this component's own OnEnable, and another script may begin first.
            if (!enabled || !gameObject.activeInHierarchy) Report($"The dataset recorder of '{name}' is disabled: enable it first.");
            else if (!IsRecording) Begin();
        }

        /// <summary>Writes what is on its way and closes the databases.</summary>
        /// <returns>Done when they are closed and a training may read them; failed with what <see cref="OnError"/> says where they could not be written.</returns>
        public Task StopRecording()
        {
            if (_recording == null) return Task.CompletedTask;
            IsRecording = false;
            // Whoever waits goes on after Update, not in the midst of it.
            _stopped = _stopped ?? new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            Task closed = _stopped.Task;
            Advance();
            return closed;
        }

        /// <summary>Records the source as it is now, with <see cref="Label"/>.</summary>
        public void Capture() => Capture(_label);

        /// <summary>Records the source as it is now.</summary>
        /// <param name="label">The number of the class that it shows.</param>
        public void Capture(int label)
        {
            if (!IsRecording) Report($"The dataset recorder of '{name}' does not record: call StartRecording first.");
            else if (label < 0 || label >= _classes) Report($"Label {label} is none of the {_classes} classes that '{name}' records: 0 to {_classes - 1}.");
            else if (_sourceCamera == null && _sourceTexture == null) Report($"The dataset recorder of '{name}' has no source: set its camera or its texture.");
            else if (!_frames.TryRequest(_sourceCamera, _sourceTexture, _region, Mathf.Max(1, _width), Mathf.Max(1, _height), label) && !_frames.HasRoom) Report("More examples were captured at once than the graphics device gives back in time; some are left out.");
        }
    }
}
