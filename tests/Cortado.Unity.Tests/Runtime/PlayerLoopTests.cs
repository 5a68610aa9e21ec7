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

    /// <summary>Behaviour.isActiveAndEnabled: nothing is, before its own OnEnable.</summary>
    [Fact]
    public void A_script_is_active_and_enabled_from_its_own_OnEnable_on()
    {
        using var loop = new PlayerLoop();
        var owner = new GameObject("it");
        owner.SetActive(false);
        EarlyCaller first = owner.AddComponent<EarlyCaller>();
        Listener second = owner.AddComponent<Listener>();
        var seen = new List<bool>();
        first.Waking = first.Enabling = first.Starting = () => seen.Add(second.isActiveAndEnabled);
        owner.SetActive(true);
        loop.Frame();
        Assert.Equal(new[] { false, false, true }, seen);
        second.enabled = false;
        Assert.False(second.isActiveAndEnabled);
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
