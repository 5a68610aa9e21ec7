using UnityDoubles;

namespace UnityEngine
{
    public class GUI
    {
        public static GUISkin skin => PlayerLoop.Current.Gui.Skin;

        public static void Label(Rect position, string text) => PlayerLoop.Current.Gui.Show(GuiKind.Label, text, false);

        public static bool Button(Rect position, string text) => PlayerLoop.Current.Gui.Show(GuiKind.Button, text, false);

        public static void DrawTexture(Rect position, Texture image) => PlayerLoop.Current.Gui.Show(image);
    }
}
