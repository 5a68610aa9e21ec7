using Cortado.Unity;
using UnityEngine;

[RequireComponent(typeof(ImageClassifier))]
public sealed class NameBallOrBox : MonoBehaviour
{
    private void OnEnable() => GetComponent<ImageClassifier>().OnClassified.AddListener(Show);

    private void OnDisable() => GetComponent<ImageClassifier>().OnClassified.RemoveListener(Show);

    private void Show(Classification seen) => Debug.Log(seen);   // ball 98.1 %
}
