using UnityEngine;

namespace Cortado.Unity.Samples
{
    /// <summary>
    /// Writes on the screen what the classifier beside it sees. Put it on the camera together with an Image Classifier, give that one a network and this
    /// camera, and press Play.
    /// </summary>
    [RequireComponent(typeof(ImageClassifier))]
    public sealed class NameWhatTheCameraSees : MonoBehaviour
    {
        [Tooltip("Below this probability it says that it does not know.")]
        [SerializeField, Range(0, 1)] private float _sureFrom = 0.8f;

        private ImageClassifier _classifier;
        private string _seen = "";

        private void OnEnable()
        {
            _classifier = GetComponent<ImageClassifier>();
            _classifier.OnClassified.AddListener(Show);
        }

        private void OnDisable() => _classifier.OnClassified.RemoveListener(Show);

        private void Show(Classification result) => _seen = result.Probability >= _sureFrom ? result.ToString() : "not sure";

        private void OnGUI()
        {
            // What is wrong matters more than what was seen last.
            string text = _classifier.Error.Length > 0 ? _classifier.Error : _seen;
            GUI.Label(new Rect(20, 20, Screen.width - 40, 60), text);
        }
    }
}
