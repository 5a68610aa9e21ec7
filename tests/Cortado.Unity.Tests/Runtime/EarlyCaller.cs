using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>A script of a game that uses another one while both begin.</summary>
internal sealed class EarlyCaller : MonoBehaviour
{
    public Action? Waking { get; set; }

    public Action? Enabling { get; set; }

    public Action? Starting { get; set; }

    private void Awake() => Waking?.Invoke();

    private void OnEnable() => Enabling?.Invoke();

    private void Start() => Starting?.Invoke();
}
