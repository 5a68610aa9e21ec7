using System.Collections;
using System.Threading.Tasks;
using Cortado.Unity;
using UnityEngine;

public sealed class RecordBallAndBox : MonoBehaviour
{
    [SerializeField] private DatasetRecorder _recorder;
    [SerializeField] private GameObject[] _objects;   // the ball, the box: in the order of the recorder's labels

    private IEnumerator Start()
    {
        _recorder.StartRecording();
        for (int i = 0; i < 600; i++)
        {
            int label = i % _objects.Length;
            for (int k = 0; k < _objects.Length; k++) _objects[k].SetActive(k == label);
            _objects[label].transform.rotation = Random.rotation;
            _recorder.Capture(label);
            yield return null;   // one example a frame
        }
        Task closed = _recorder.StopRecording();
        while (!closed.IsCompleted) yield return null;
        Debug.Log(closed.IsFaulted ? "Not recorded: " + _recorder.Error : "Recorded into " + _recorder.FullFolder);
    }
}
