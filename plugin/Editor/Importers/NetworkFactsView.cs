using System;
using System.Globalization;
using UnityEditor;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>A table of a network's layers, with what it needs of memory and how its pictures are prepared.</summary>
    internal sealed class NetworkFactsView : VisualElement
    {
        public NetworkFactsView(NetworkFacts facts)
        {
            name = "network-facts";
            foreach (string note in facts.Notes) Add(new HelpBox(note, HelpBoxMessageType.Info));
            if (facts.Layers.Count == 0) return;
            Add(Line("network-input", $"Input {facts.Input}"));
            Add(Line("network-parameters", FormattableString.Invariant($"{facts.Parameters:N0} parameters, {EditorUtility.FormatBytes(facts.ParameterBytes)}; {EditorUtility.FormatBytes(facts.BlobBytes)} between layers, for one picture")));
            foreach (string step in facts.Preparation) Add(Line("network-preparation", "Pictures: " + step));
            var table = new VisualElement { name = "layers" };
            table.AddToClassList("cortado-layers");
            table.Add(Row("Layer", "Type", "Output", "Parameters", "cortado-layers__head"));
            foreach (LayerRow layer in facts.Layers)
                table.Add(Row(layer.Name, layer.Type, layer.Output, layer.Parameters == 0 ? "" : layer.Parameters.ToString("N0", CultureInfo.InvariantCulture), "cortado-layers__row"));
            Add(table);
        }

        private static Label Line(string name, string text)
        {
            var label = new Label(text) { name = name };
            label.AddToClassList("cortado-note");
            return label;
        }

        private static VisualElement Row(string first, string second, string third, string fourth, string className)
        {
            var row = new VisualElement { name = "layer-" + first };
            row.AddToClassList(className);
            foreach (string text in new[] { first, second, third, fourth })
            {
                var cell = new Label(text) { enableRichText = false };
                cell.AddToClassList("cortado-layers__cell");
                row.Add(cell);
            }
            return row;
        }
    }
}
