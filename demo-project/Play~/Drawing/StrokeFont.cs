using System.Globalization;
using System.Numerics;

namespace Cortado.Demo.Play.Drawing;

/// <summary>
/// Letters made of lines and arcs, so that pictures can be written on without a font file. Ten units are a capital's height; <c>L x y x y ...</c>
/// is a line, <c>A cx cy rx ry from to</c> an arc in degrees, counter-clockwise from the right.
/// </summary>
internal static class StrokeFont
{
    private const string Bowl = "A 3 3.5 3 3.5 0 360";

    private static readonly Dictionary<char, (float Width, string Strokes)> Letters = new()
    {
        ['A'] = (7, "L 0 0 3.5 10 7 0; L 1.2 3.4 5.8 3.4"),
        ['B'] = (6.5f, "L 0 0 0 10 3.5 10; A 3.5 7.6 2.4 2.4 90 -90; L 0 5.2 3.9 5.2; A 3.9 2.6 2.6 2.6 90 -90; L 3.9 0 0 0"),
        ['C'] = (7, "A 4 5 4 5 50 310"),
        ['D'] = (7, "L 2.5 0 0 0 0 10 2.5 10; A 2.5 5 4.5 5 90 -90"),
        ['E'] = (6, "L 6 10 0 10 0 0 6 0; L 0 5.2 5 5.2"),
        ['F'] = (6, "L 6 10 0 10 0 0; L 0 5.2 5 5.2"),
        ['G'] = (8, "A 4 5 4 5 50 360; L 8 5 4.6 5"),
        ['H'] = (7, "L 0 0 0 10; L 7 0 7 10; L 0 5.2 7 5.2"),
        ['I'] = (1, "L 0.5 0 0.5 10"),
        ['J'] = (5, "L 5 10 5 2.5; A 2.5 2.5 2.5 2.5 0 -180"),
        ['K'] = (6.5f, "L 0 0 0 10; L 6.5 10 0 4; L 2.2 6 6.8 0"),
        ['L'] = (5.5f, "L 0 10 0 0 5.5 0"),
        ['M'] = (8, "L 0 0 0 10 4 3 8 10 8 0"),
        ['N'] = (7, "L 0 0 0 10 7 0 7 10"),
        ['O'] = (8, "A 4 5 4 5 0 360"),
        ['P'] = (6.2f, "L 0 0 0 10 3.5 10; A 3.5 7.3 2.7 2.7 90 -90; L 3.5 4.6 0 4.6"),
        ['Q'] = (8, "A 4 5 4 5 0 360; L 5 2.5 8 -0.7"),
        ['R'] = (6.5f, "L 0 0 0 10 3.5 10; A 3.5 7.3 2.7 2.7 90 -90; L 3.5 4.6 0 4.6; L 3.2 4.6 6.5 0"),
        ['S'] = (6, "A 3 7.5 2.8 2.5 30 270; A 3 2.5 3 2.5 90 -150"),
        ['T'] = (7, "L 0 10 7 10; L 3.5 10 3.5 0"),
        ['U'] = (6.6f, "L 0 10 0 3.3; A 3.3 3.3 3.3 3.3 180 360; L 6.6 3.3 6.6 10"),
        ['V'] = (7, "L 0 10 3.5 0 7 10"),
        ['W'] = (10, "L 0 10 2.5 0 5 10 7.5 0 10 10"),
        ['X'] = (7, "L 0 10 7 0; L 7 10 0 0"),
        ['Y'] = (7, "L 0 10 3.5 5 7 10; L 3.5 5 3.5 0"),
        ['Z'] = (6.5f, "L 0 10 6.5 10 0 0 6.5 0"),
        ['a'] = (6, Bowl + "; L 6 7 6 0"),
        ['b'] = (6, "L 0 10 0 0; " + Bowl),
        ['c'] = (5.3f, "A 3 3.5 3 3.5 45 315"),
        ['d'] = (6, "L 6 10 6 0; " + Bowl),
        ['e'] = (6, "L 0 3.5 6 3.5; A 3 3.5 3 3.5 0 315"),
        ['f'] = (4, "L 1.5 0 1.5 8; A 3.5 8 2 2 180 80; L 0 6.5 3.5 6.5"),
        ['g'] = (6, Bowl + "; L 6 7 6 -0.5; A 3 -0.5 3 2.5 0 -150"),
        ['h'] = (6, "L 0 10 0 0; A 3 4 3 3 180 0; L 6 4 6 0"),
        ['i'] = (1, "L 0.5 7 0.5 0; L 0.5 9.5 0.5 10"),
        ['j'] = (2, "L 2 7 2 -1; A 0.5 -1 1.5 2 0 -100; L 2 9.5 2 10"),
        ['k'] = (5.5f, "L 0 10 0 0; L 5 7 0 2.8; L 1.8 4.2 5.5 0"),
        ['l'] = (1, "L 0.5 10 0.5 0"),
        ['m'] = (8.8f, "L 0 7 0 0; A 2.2 4.8 2.2 2.2 180 0; L 4.4 4.8 4.4 0; A 6.6 4.8 2.2 2.2 180 0; L 8.8 4.8 8.8 0"),
        ['n'] = (6, "L 0 7 0 0; A 3 4 3 3 180 0; L 6 4 6 0"),
        ['o'] = (6, Bowl),
        ['p'] = (6, "L 0 7 0 -3; " + Bowl),
        ['q'] = (6, "L 6 7 6 -3; " + Bowl),
        ['r'] = (4.2f, "L 0 7 0 0; A 3 4 3 3 180 65"),
        ['s'] = (5, "A 2.5 5.25 2.3 1.75 30 270; A 2.5 1.75 2.5 1.75 90 -150"),
        ['t'] = (4, "L 1.5 9.5 1.5 2; A 3.3 2 1.8 2 180 280; L 0 7 3.6 7"),
        ['u'] = (6, "L 0 7 0 3; A 3 3 3 3 180 360; L 6 7 6 0"),
        ['v'] = (6, "L 0 7 3 0 6 7"),
        ['w'] = (8.8f, "L 0 7 2.2 0 4.4 7 6.6 0 8.8 7"),
        ['x'] = (5.5f, "L 0 7 5.5 0; L 5.5 7 0 0"),
        ['y'] = (6, "L 0 7 3 0; L 6 7 2 -3"),
        ['z'] = (5.5f, "L 0 7 5.5 7 0 0 5.5 0"),
        ['0'] = (6, "A 3 5 3 5 0 360"),
        ['1'] = (6, "L 0.8 8 3 10 3 0"),
        ['2'] = (6, "A 3 7.2 2.8 2.8 170 -35; L 5.3 5.6 0 0 6 0"),
        ['3'] = (6, "A 2.8 7.6 2.6 2.4 150 -90; A 2.8 2.6 3 2.6 90 -150"),
        ['4'] = (6, "L 4.5 0 4.5 10 0 3 6 3"),
        ['5'] = (6, "L 5.5 10 1 10 0.7 5.7; A 2.8 3.3 3.1 3.3 130 -150"),
        ['6'] = (6, "A 3 3.2 3 3.2 0 360; L 0.3 4.4 4 10"),
        ['7'] = (6, "L 0 10 6 10 2 0"),
        ['8'] = (6, "A 3 7.6 2.5 2.4 0 360; A 3 2.6 3 2.6 0 360"),
        ['9'] = (6, "A 3 6.8 3 3.2 0 360; L 5.7 5.6 2 0"),
        ['.'] = (1, "L 0.5 0 0.5 0.4"),
        [','] = (1, "L 0.6 0.4 0 -1.6"),
        [':'] = (1, "L 0.5 0 0.5 0.4; L 0.5 6 0.5 6.4"),
        [';'] = (1, "L 0.6 0.4 0 -1.6; L 0.6 6 0.6 6.4"),
        ['!'] = (1, "L 0.5 10 0.5 3; L 0.5 0 0.5 0.4"),
        ['?'] = (5, "A 2.5 7.5 2.5 2.5 170 -60; L 3.7 5.3 2.5 4.2 2.5 3; L 2.5 0 2.5 0.4"),
        ['\''] = (1, "L 0.5 10 0.5 7.5"),
        ['"'] = (3, "L 0.5 10 0.5 7.5; L 2.5 10 2.5 7.5"),
        ['-'] = (4, "L 0 4 4 4"),
        ['_'] = (6, "L 0 -1 6 -1"),
        ['+'] = (6, "L 0 4 6 4; L 3 7 3 1"),
        ['='] = (6, "L 0 5.2 6 5.2; L 0 2.8 6 2.8"),
        ['/'] = (4, "L 0 -1 4 11"),
        ['['] = (2.5f, "L 2 11 0 11 0 -2 2 -2"),
        [']'] = (2.5f, "L 0 11 2 11 2 -2 0 -2"),
        ['('] = (2.5f, "A 5 4.5 5 7 130 230"),
        [')'] = (2.5f, "A -2.5 4.5 5 7 50 -50"),
        ['<'] = (5, "L 5 7.5 0 4 5 0.5"),
        ['>'] = (5, "L 0 7.5 5 4 0 0.5"),
        ['%'] = (9, "A 2 7.8 2 2.2 0 360; A 7 2.2 2 2.2 0 360; L 7.5 10 1.5 0"),
        ['×'] = (5, "L 0.3 6.2 4.7 1.8; L 4.7 6.2 0.3 1.8"),
        ['·'] = (1, "L 0.5 4 0.5 4.3"),
    };

    public static float Draw(Picture picture, string text, Vector2 at, float size, Vector3 color, bool bold)
    {
        float unit = size / 10, thickness = size * (bold ? 0.19f : 0.125f);
        foreach (char c in text)
        {
            if (Letters.TryGetValue(c, out (float Width, string Strokes) letter))
            {
                foreach (string stroke in letter.Strokes.Split(';')) DrawStroke(picture, stroke.Trim(), at, unit, thickness, color);
                at.X += (letter.Width + 2.6f) * unit;
            }
            else at.X += 4.5f * unit;
        }
        return at.X;
    }

    /// <summary>How wide text is that has capitals of that height.</summary>
    public static float Measure(string text, float size) => text.Sum(c => Letters.TryGetValue(c, out (float Width, string) letter) ? letter.Width + 2.6f : 4.5f) * size / 10;

    private static void DrawStroke(Picture picture, string stroke, Vector2 at, float unit, float thickness, Vector3 color)
    {
        float[] n = Array.ConvertAll(stroke[2..].Split(' '), number => float.Parse(number, CultureInfo.InvariantCulture));
        int steps = stroke[0] == 'A' ? 20 : n.Length / 2 - 1;
        Vector2 Point(int i) => stroke[0] == 'L' ? Place(n[2 * i], n[2 * i + 1]) : Arc(n, (float)i / steps);
        Vector2 Place(float x, float y) => at + new Vector2(x, -y) * unit;
        Vector2 Arc(float[] a, float share)
        {
            (float sin, float cos) = MathF.SinCos((a[4] + (a[5] - a[4]) * share) * MathF.PI / 180);
            return Place(a[0] + a[2] * cos, a[1] + a[3] * sin);
        }
        for (int i = 0; i < steps; i++) picture.Line(Point(i), Point(i + 1), thickness, color);
    }
}
