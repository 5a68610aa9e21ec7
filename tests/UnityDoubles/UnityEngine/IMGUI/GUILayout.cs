using UnityDoubles;

namespace UnityEngine
{
    public class GUILayout
    {
        public static void BeginArea(Rect screenRect) => PlayerLoop.Current.Gui.BeginArea(screenRect);

        public static void BeginArea(Rect screenRect, GUIStyle style) => PlayerLoop.Current.Gui.BeginArea(screenRect);

        public static void EndArea() => PlayerLoop.Current.Gui.EndArea();

        public static void Label(string text, params GUILayoutOption[] options) => PlayerLoop.Current.Gui.Show(GuiKind.Label, text, false);

        public static void Label(Texture image, params GUILayoutOption[] options) => PlayerLoop.Current.Gui.Show(image);

        public static bool Button(string text, params GUILayoutOption[] options) => PlayerLoop.Current.Gui.Show(GuiKind.Button, text, false);

        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) => PlayerLoop.Current.Gui.Show(GuiKind.Toggle, text, value) ? !value : value;

        public static void Space(float pixels)
        {
        }

        public static GUILayoutOption Width(float width) => new GUILayoutOption();

        public static GUILayoutOption Height(float height) => new GUILayoutOption();
    }

    public sealed class GUILayoutOption
    {
        internal GUILayoutOption()
        {
        }
    }
}
