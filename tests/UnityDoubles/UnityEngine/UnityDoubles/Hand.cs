using System;
using System.Linq;
using UnityEngine;
using UnityEngine.UIElements;

namespace UnityDoubles
{
    /// <summary>What a person can do with an element: only where it is to be seen and enabled.</summary>
    public static class Hand
    {
        /// <summary>Clicks a button.</summary>
        public static void Click(this Button button)
        {
            Reach(button);
            using (ClickEvent click = ClickEvent.GetPooled()) button.SendEvent(click);
        }

        /// <summary>Types a text into a field, and leaves it.</summary>
        public static void Type(this TextField field, string text)
        {
            Reach(field);
            if (field.isReadOnly) throw new InvalidOperationException($"{field} is read-only.");
            field.value = text;
        }

        /// <summary>Types a number into a field.</summary>
        public static void Type(this IntegerField field, int number)
        {
            Reach(field);
            field.value = number;
        }

        /// <summary>Chooses an entry of a list.</summary>
        public static void Choose(this DropdownField field, string choice)
        {
            Reach(field);
            if (!field.choices.Contains(choice)) throw new InvalidOperationException($"{field} has no entry '{choice}'; it has: {string.Join(", ", field.choices)}.");
            field.value = choice;
        }

        /// <summary>Switches a toggle.</summary>
        public static void Switch(this Toggle toggle)
        {
            Reach(toggle);
            toggle.value = !toggle.value;
        }

        /// <summary>Whether a person sees an element.</summary>
        public static bool IsShown(this VisualElement element) => element.panel != null && StyleResolver.IsShown(element);

        /// <summary>The strokes and fills that were last drawn into an element.</summary>
        public static (Color Color, bool Filled, Vector2[][] Paths)[] Drawn(this VisualElement element) =>
            element.Drawing?.Drawn.Select(drawn => (drawn.Color, drawn.Filled, drawn.Paths.Select(path => path.ToArray()).ToArray())).ToArray() ?? Array.Empty<(Color, bool, Vector2[][])>();

        /// <summary>Gives an element a size, as laying out its window would.</summary>
        public static void Resize(this VisualElement element, float width, float height) => element.SetLayout(new Rect(0, 0, width, height));

        private static void Reach(VisualElement element)
        {
            if (element == null) throw new InvalidOperationException("There is no such element.");
            if (element.panel == null) throw new InvalidOperationException($"{element} is in no window.");
            if (!element.enabledInHierarchy) throw new InvalidOperationException($"{element} is disabled.");
            if (!element.IsShown()) throw new InvalidOperationException($"{element} is hidden.");
        }
    }
}
