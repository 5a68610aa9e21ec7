using System.Numerics;
using Cortado.Demo.Play.Drawing;
using UnityDoubles;

namespace Cortado.Demo.Play;

/// <summary>Draws what OnGUI drew: labels, buttons and toggles, one below the other.</summary>
internal static class PanelPicture
{
    private const int Line = 15;
    private const float Size = 8;

    private static readonly Vector3 Box = new(0.08f, 0.09f, 0.1f), Ink = new(0.93f, 0.94f, 0.95f), Raised = new(0.3f, 0.33f, 0.37f), Warning = new(1, 0.75f, 0.25f);

    public static void Draw(Picture picture, IReadOnlyList<GuiElement> elements, int left, int top, int width)
    {
        (GuiElement Element, string Text, bool First)[] lines = [.. elements.Where(e => e.Text.Length > 0).SelectMany(e => Wrapped(e.Text, width - 34).Select((text, i) => (e, text, i == 0)))];
        picture.Fill(left, top, width, lines.Length * Line + 10, Box, 0.86f);
        int y = top + 5;
        foreach ((GuiElement element, string text, bool first) in lines)
        {
            if (element.Kind == GuiKind.Button) picture.Fill(left + 5, y + 1, width - 10, Line - 2, Raised);
            if (element.Kind == GuiKind.Toggle && first)
            {
                picture.Fill(left + 7, y + 3, 9, 9, Ink);
                if (!element.On) picture.Fill(left + 8, y + 4, 7, 7, Box);
            }
            bool finding = element.Text.Contains('[', StringComparison.Ordinal);
            picture.Text(text, left + (element.Kind == GuiKind.Toggle ? 22 : 10), y + 11, Size, finding ? Warning : Ink);
            y += Line;
        }
    }

    private static IEnumerable<string> Wrapped(string text, float width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && StrokeFont.Measure(longer, Size) > width)
            {
                yield return line;
                longer = word;
            }
            line = longer;
        }
        yield return line;
    }
}
