using System.Collections.Generic;
using System.Linq;
using Cortado.Diagnostics;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    // What the doctor says about it, and the edits that cure it.
    public sealed partial class TrainingWindow
    {
        private BackgroundTask<TrainingCheck> _check;
        private TrainingCheck _checked;
        private bool _checkWaits;

        private void BuildFindings()
        {
            Clicked("check", StartCheck);
            Clicked("apply-all", () => Apply(_checked.Report.Findings.SelectMany(finding => finding.Edits).ToList()));
            Show(Get<HelpBox>("check-problem"), "");
        }

        private void StartCheck()
        {
            _check?.Cancel();
            _check = null;
            ShowFindings(null);
            Show(Get<HelpBox>("check-problem"), "");
            bool complete = Training.Choices.AreComplete;
            // While a training runs its files are its own.
            _checkWaits = complete && Training.IsActive;
            Get<Label>("check-state").text = !complete ? "Choose a network and pictures to learn from."
                : _checkWaits ? "The files are looked at when the training has ended."
                : "Looking at the files, the pictures and a first batch...";
            if (complete && !_checkWaits) _check = TrainingCheck.Start(Training);
        }

        private void RefreshFindings()
        {
            if (_checkWaits && !Training.IsActive) StartCheck();
            Get<Button>("check").SetEnabled(_check == null && Training.Choices.AreComplete);
            if (_check == null || !_check.IsDone) return;
            BackgroundTask<TrainingCheck> done = _check;
            _check = null;
            if (done.Succeeded) ShowFindings(done.Result);
            else if (done.Problem != null)
            {
                Get<Label>("check-state").text = "";
                Show(Get<HelpBox>("check-problem"), done.Problem);
            }
        }

        private void ShowFindings(TrainingCheck check)
        {
            _checked = check;
            VisualElement list = Get<VisualElement>("findings");
            list.Clear();
            IReadOnlyList<Finding> findings = check?.Report.Findings ?? new List<Finding>();
            foreach (Finding finding in findings) list.Add(new FindingView(finding, edit => Apply(new[] { edit })));
            Get<Button>("apply-all").SetEnabled(findings.Any(finding => finding.Edits.Count > 0));
            if (check != null) Get<Label>("check-state").text = findings.Count == 0 ? "Nothing to worry about." : $"{findings.Count} to read:";
        }

        private void Apply(IReadOnlyList<PrototxtEdit> edits)
        {
            try
            {
                _checked.Apply(edits);
            }
            catch (CortadoException error)
            {
                Show(Get<HelpBox>("check-problem"), error.Message);
                return;
            }
            // Places have moved: everything is looked at anew.
            StartCheck();
        }
    }
}
