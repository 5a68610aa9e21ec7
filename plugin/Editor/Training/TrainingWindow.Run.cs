using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Cortado.Diagnostics;
using Cortado.Training;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    // The training itself: buttons, numbers, curves.
    public sealed partial class TrainingWindow
    {
        private readonly List<(string Key, string Name)> _devices = new List<(string, string)>();
        private BackgroundTask<IReadOnlyList<(string Key, string Name)>> _deviceList;
        private CurveView _curves;
        private TrainingHistory _shownHistory;
        private int _shownCount = -1, _shownTests, _shownFindings = -1;

        private void BuildRun()
        {
            ShowDevices(new[] { ("auto", "Automatic"), ("cpu", "CPU") });
            _deviceList = Training.Run(task => TrainingDevices.List());
            Get<DropdownField>("device").RegisterValueChangedCallback(e => Training.Choices.Device = _devices.Where(d => d.Name == e.newValue).Select(d => d.Key).FirstOrDefault());
            Bind("max-iterations", Training.Choices.MaxIterations, number => Training.Choices.MaxIterations = number);
            Bind("batch-size", Training.Choices.BatchSize, number => Training.Choices.BatchSize = number);
            Clicked("train", StartTraining);
            Clicked("pause", PauseOrResume);
            Clicked("stop", () => Training.Stop());
            Clicked("snapshot", () => Training.RequestSnapshot());
            _curves = new CurveView { name = "curve-view" };
            Get<VisualElement>("curves").Add(_curves);
            _shownHistory = null;
            _shownFindings = -1;
        }

        private void Bind(string name, int value, Action<int> set)
        {
            var field = Get<IntegerField>(name);
            field.SetValueWithoutNotify(value);
            field.RegisterValueChangedCallback(e => set(e.newValue));
        }

        private void StartTraining()
        {
            Training.StartTraining();
            Refresh();
        }

        private void PauseOrResume()
        {
            if (Training.State == TrainingState.Paused) Training.Resume();
            else Training.Pause();
            Refresh();
        }

        private void RefreshRun()
        {
            if (_deviceList != null && _deviceList.IsDone)
            {
                if (_deviceList.Succeeded) ShowDevices(_deviceList.Result);
                _deviceList = null;
            }
            TrainingState state = Training.State;
            bool active = Training.IsActive;
            Get<Button>("train").SetEnabled(!active && _check == null && Training.Choices.AreComplete);
            Get<Button>("pause").SetEnabled(active && state != TrainingState.Preparing);
            Get<Button>("pause").text = state == TrainingState.Paused ? "Resume" : "Pause";
            Get<Button>("stop").SetEnabled(active);
            Get<Button>("snapshot").SetEnabled(state == TrainingState.Running || state == TrainingState.Paused);
            foreach (string field in new[] { "device", "max-iterations", "batch-size" }) Get<VisualElement>(field).SetEnabled(!active);
            Show(Get<HelpBox>("problem"), Training.Problem);
            ShowNumbers(state);
            ShowCurves();
            ShowMonitorFindings();
        }

        private void ShowDevices(IEnumerable<(string Key, string Name)> devices)
        {
            _devices.Clear();
            _devices.AddRange(devices);
            var field = Get<DropdownField>("device");
            field.choices = _devices.Select(device => device.Name).ToList();
            field.SetValueWithoutNotify(_devices.Where(device => device.Key == Training.Choices.Device).Select(device => device.Name).FirstOrDefault() ?? _devices[0].Name);
        }

        private void ShowNumbers(TrainingState state)
        {
            TrainingProgress progress = Training.Progress;
            Get<Label>("state").text = state == TrainingState.Created ? "" : state.ToString();
            var bar = Get<ProgressBar>("progress");
            bool preparing = state == TrainingState.Preparing && Training.PreparedShare > 0;
            bar.value = (float)(preparing ? Training.PreparedShare : progress.Share);
            bar.title = preparing ? "preparing the device" : progress.MaxIterations > 0 ? Text($"iteration {progress.Iteration} of {progress.MaxIterations}") : "";
            bool any = progress.Iteration > 0;
            Get<Label>("loss").text = any ? Text($"loss {progress.SmoothedLoss:G4}") : "";
            Get<Label>("learning-rate").text = any ? Text($"rate {progress.LearningRate:G4}") : "";
            Get<Label>("throughput").text = any && state == TrainingState.Running ? Text($"{progress.ImagesPerSecond:F0} pictures/s") : "";
            Get<Label>("remaining").text = any && state == TrainingState.Running && progress.Remaining is TimeSpan left ? Text($"{(int)left.TotalMinutes}:{left.Seconds:D2} left") : "";
            Get<Label>("device-reason").text = Training.DeviceReason;
        }

        private void ShowCurves()
        {
            TrainingHistory history = Training.History;
            TestPoint[] tests = history.Tests();
            if (ReferenceEquals(history, _shownHistory) && history.Count == _shownCount && tests.Length == _shownTests) return;
            (_shownHistory, _shownCount, _shownTests) = (history, history.Count, tests.Length);
            _curves.Show(history, Training.Progress.MaxIterations);
            int loss = Array.FindLastIndex(tests, test => test.Output.IndexOf("loss", StringComparison.OrdinalIgnoreCase) >= 0);
            Get<Label>("test-loss").text = loss >= 0 ? Text($"test loss {tests[loss].Value:G4}") : "";
            int accuracy = Array.FindLastIndex(tests, test => test.Output.IndexOf("acc", StringComparison.OrdinalIgnoreCase) >= 0);
            Get<Label>("accuracy").text = accuracy >= 0 ? Text($"accuracy {100 * tests[accuracy].Value:F1} % (iteration {tests[accuracy].Iteration})") : "";
            ShowTicks(_curves, _curves.Chart.LossTicks, "cortado-curves__tick", (label, at) => label.style.bottom = Length.Percent(100 * at));
            ShowTicks(Get<VisualElement>("iteration-axis"), _curves.Chart.IterationTicks, "cortado-axis__tick", (label, at) => label.style.left = Length.Percent(100 * at));
        }

        private static void ShowTicks(VisualElement axis, IReadOnlyList<ChartTick> ticks, string className, Action<Label, float> place)
        {
            axis.Clear();
            foreach (ChartTick tick in ticks)
            {
                if (tick.Position > 0.97f) continue;
                var label = new Label(tick.Value.ToString("G4", CultureInfo.InvariantCulture)) { pickingMode = PickingMode.Ignore };
                label.AddToClassList(className);
                place(label, tick.Position);
                axis.Add(label);
            }
        }

        private void ShowMonitorFindings()
        {
            IReadOnlyList<Finding> findings = Training.Findings;
            if (findings.Count == _shownFindings) return;
            _shownFindings = findings.Count;
            VisualElement list = Get<VisualElement>("monitor-findings");
            list.Clear();
            foreach (Finding finding in findings) list.Add(new FindingView(finding, null));
        }

        private static string Text(FormattableString text) => FormattableString.Invariant(text);
    }
}
