using UnityDoubles;
using UnityEngine;

namespace Cortado.Unity.Tests.Runtime;

/// <summary>The doubles behave as Unity's manual says ("Order of execution for event functions").</summary>
public sealed class PlayerLoopTests
{
    [Fact]
    public void Messages_come_in_the_documented_order()
    {
        using var loop = new PlayerLoop();
        var heard = new List<string>();
        var script = new GameObject("it").AddComponent<Listener>();
        script.Heard = heard;
        loop.Frame();
        script.enabled = false;
        loop.Frame();
        script.enabled = true;
        UnityEngine.Object.Destroy(script.gameObject);
        loop.Frame();
        Assert.Equal(new[] { "Start", "Update", "LateUpdate", "OnDisable", "OnEnable", "Update", "LateUpdate", "OnDisable", "OnDestroy" }, heard);
        Assert.True(script == null);
        Assert.Throws<MissingReferenceException>(() => script!.gameObject);
    }

    private sealed class Listener : MonoBehaviour
    {
        public List<string>? Heard { get; set; }

        private void OnEnable() => Heard?.Add("OnEnable");

        private void Start() => Heard?.Add("Start");

        private void Update() => Heard?.Add("Update");

        private void LateUpdate() => Heard?.Add("LateUpdate");

        private void OnDisable() => Heard?.Add("OnDisable");

        private void OnDestroy() => Heard?.Add("OnDestroy");
    }
}
