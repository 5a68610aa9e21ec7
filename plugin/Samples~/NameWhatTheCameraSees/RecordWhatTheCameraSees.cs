using UnityEngine;

namespace Cortado.Unity.Samples
{
    /// <summary>
    /// Makes a training set of a few objects by itself: turns each before the camera and records it with its number as the label. Put it beside a
    /// Dataset Recorder whose labels name the objects in the same order, and press Play; it stops when it has enough.
    /// </summary>
    [RequireComponent(typeof(DatasetRecorder))]
    public sealed class RecordWhatTheCameraSees : MonoBehaviour
    {
        [Tooltip("The objects to tell apart, one a class, in the order of the recorder's labels.")]
        [SerializeField] private GameObject[] _objects;

        [Tooltip("Examples of each.")]
        [SerializeField, Min(1)] private int _examplesOfEach = 300;

        private DatasetRecorder _recorder;
        private int _taken;

        private void Awake() => _recorder = GetComponent<DatasetRecorder>();

        private void Start() => _recorder.StartRecording();

        private void OnDisable() => _recorder.StopRecording();

        private void Update()
        {
            if (_taken >= _examplesOfEach * _objects.Length)
            {
                enabled = false;
                return;
            }
            // The classes take turns, so that the set is as good at any moment.
            int label = _taken++ % _objects.Length;
            for (int i = 0; i < _objects.Length; i++) _objects[i].SetActive(i == label);
            _objects[label].transform.rotation = Random.rotation;
            _recorder.Capture(label);
        }
    }
}
