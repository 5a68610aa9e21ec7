using Cortado.Formats;
using UnityEditor;
using UnityEditor.AssetImporters;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>Shows what a .prototxt describes, or where it is wrong.</summary>
    [CustomEditor(typeof(PrototxtImporter))]
    internal sealed class PrototxtImporterEditor : ScriptedImporterEditor
    {
        public override bool showImportedObject => false;

        protected override bool needsApplyRevert => false;

        public override VisualElement CreateInspectorGUI()
        {
            string path = ((AssetImporter)target).assetPath;
            PrototxtAsset asset = AssetDatabase.LoadAssetAtPath<PrototxtAsset>(path);
            VisualElement root = InspectorRoot.Create();
            if (asset == null) return root;
            if (asset.Problem.Length > 0)
            {
                root.Add(new HelpBox(asset.Problem, HelpBoxMessageType.Error) { name = "problem" });
                root.Add(new Button(() => AssetDatabase.OpenAsset(AssetDatabase.LoadMainAssetAtPath(path), asset.Line)) { name = "open", text = asset.Line > 0 ? "Open line " + asset.Line : "Open" });
                return root;
            }
            root.Add(new Label(asset.Kind == PrototxtKind.Solver ? "A solver" : "A network") { name = "kind" });
            if (asset.Kind == PrototxtKind.Solver) root.Add(SettingsOf(asset));
            else root.Add(new NetworkFactsView(asset.Facts));
            return root;
        }

        private static Label SettingsOf(PrototxtAsset asset)
        {
            var settings = new Label(asset.Settings) { name = "settings", enableRichText = false };
            settings.AddToClassList("cortado-settings");
            return settings;
        }
    }
}
