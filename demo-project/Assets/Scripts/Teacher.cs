using System.IO;
using System.Threading.Tasks;
using Cortado.Unity;
using UnityEngine;

namespace Cortado.Demo
{
    /// <summary>Records a training set from the belt itself: the spawner knows what each item is, so every picture has its label for nothing.</summary>
    public sealed class Teacher : MonoBehaviour
    {
        [SerializeField] private Belt _belt;

        [Tooltip("Its source is the eye's texture; its times per second are 0, since this script says when.")]
        [SerializeField] private DatasetRecorder _recorder;

        [Tooltip("How many examples make a set.")]
        [SerializeField, Min(10)] private int _wanted = 600;

        private Task _closed = Task.CompletedTask;

        /// <summary>How many examples make a set.</summary>
        public int Wanted => _wanted;

        /// <summary>How many there are.</summary>
        public int Recorded => _recorder.TrainCount + _recorder.ValidationCount;

        /// <summary>Whether it records, or still writes what it recorded: a training has to wait so long.</summary>
        public bool IsRecording => _recorder.IsRecording || !_closed.IsCompleted;

        /// <summary>Where the databases lie.</summary>
        public string Folder => _recorder.FullFolder;

        /// <summary>The recorded examples to learn from.</summary>
        public string TrainDatabase => Path.Combine(Folder, "train_lmdb");

        /// <summary>The recorded examples to test on.</summary>
        public string TestDatabase => Path.Combine(Folder, "val_lmdb");

        /// <summary>Examples of a class.</summary>
        public int CountOf(int label) => _recorder.CountOf(label);

        /// <summary>Begins to record, or goes on.</summary>
        public void Begin() => _recorder.StartRecording();

        /// <summary>Stops, and closes the databases so that a training can read them.</summary>
        public void End() => _closed = _recorder.StopRecording();

        private void OnEnable() => _belt.Seen += Take;

        private void OnDisable() => _belt.Seen -= Take;

        private void Take(Item item)
        {
            if (!_recorder.IsRecording) return;
            if (Recorded < _wanted) _recorder.Capture(item.Label);
            else End();
        }
    }
}
