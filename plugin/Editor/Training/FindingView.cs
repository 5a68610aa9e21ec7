using System;
using System.Collections.Generic;
using Cortado.Diagnostics;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>One finding: what, why, the number, and a button for each edit that cures it.</summary>
    internal sealed class FindingView : VisualElement
    {
        /// <summary>Shows a finding.</summary>
        /// <param name="finding">The finding.</param>
        /// <param name="apply">Makes one of its edits; null where edits cannot be made now.</param>
        public FindingView(Finding finding, Action<PrototxtEdit> apply)
        {
            name = "finding-" + finding.Rule;
            AddToClassList("cortado-finding");
            AddToClassList("cortado-finding--" + finding.Severity.ToString().ToLowerInvariant());
            Add(Text(finding.Summary, "cortado-finding__summary"));
            Add(Text($"{finding.Subject}{(finding.Place == null ? "" : $" ({finding.Place})")}", "cortado-note"));
            Add(Text(finding.Why, "cortado-finding__text"));
            if (finding.Measured != null) Add(Text($"Measured: {finding.Measured.Name} = {FindingText.Number(finding.Measured.Value)}{FindingText.Expected(finding.Expected)}", "cortado-finding__text"));
            if (apply == null) return;
            var shown = new HashSet<PrototxtEdit>();
            foreach (PrototxtEdit edit in finding.Edits)
                if (shown.Add(edit)) Add(ApplyButton(edit, apply));
        }

        private static Button ApplyButton(PrototxtEdit edit, Action<PrototxtEdit> apply)
        {
            var button = new Button(() => apply(edit)) { text = "Apply: " + edit.Summary, tooltip = edit.FileName };
            button.AddToClassList("cortado-finding__apply");
            return button;
        }

        private static Label Text(string text, string className)
        {
            var label = new Label(text) { enableRichText = false };
            label.AddToClassList(className);
            return label;
        }
    }
}
