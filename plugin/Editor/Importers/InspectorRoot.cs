using UnityEditor;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>The outermost element of the importers' inspectors, with their style sheet.</summary>
    internal static class InspectorRoot
    {
        private const string Sheet = "Packages/com.cortado.unity/Editor/Importers/Inspector.uss";

        public static VisualElement Create()
        {
            var root = new VisualElement();
            StyleSheet sheet = AssetDatabase.LoadAssetAtPath<StyleSheet>(Sheet);
            if (sheet != null) root.styleSheets.Add(sheet);
            return root;
        }
    }
}
