using System.Globalization;
using System.Numerics;
using Cortado.Demo.Play.Drawing;

namespace Cortado.Demo.Play;

/// <summary>Draws the share of items that went the right way over the game.</summary>
internal static class ScoreCurve
{
    private const int Left = 62, Right = 20, Top = 40, Bottom = 44;

    private static readonly Vector3 Paper = new(0.09f, 0.1f, 0.12f), Ink = new(0.93f, 0.94f, 0.95f), Dim = new(0.32f, 0.35f, 0.39f), Curve = new(1, 0.72f, 0.2f), Mark = new(0.45f, 0.68f, 1);

    public static Picture Draw(Tally tally, int width, int height)
    {
        var picture = new Picture(width, height, Paper);
        float X(float item) => Left + item / Math.Max(1, tally.Count - 1) * (width - Left - Right);
        float Y(float score) => height - Bottom - score * (height - Top - Bottom);
        for (int percent = 0; percent <= 100; percent += 25)
        {
            picture.Line(new Vector2(Left, Y(percent / 100f)), new Vector2(width - Right, Y(percent / 100f)), 1, Dim);
            picture.Text(percent.ToString(CultureInfo.InvariantCulture) + " %", 12, Y(percent / 100f) + 5, 10, Ink);
        }
        for (int item = 0; item < tally.Count; item += Step(tally.Count)) picture.Text(item.ToString(CultureInfo.InvariantCulture), X(item) - 4, height - 26, 9, Ink);
        picture.Text("items sorted", width - Right - StrokeFont.Measure("items sorted", 9), height - 8, 9, Ink);
        picture.Text("sent the right way, of the last 50", 12, 20, 11, Ink, bold: true);
        for (int i = 0; i < tally.Events.Count; i++)
        {
            (int item, string what) = tally.Events[i];
            float x = X(item);
            picture.Line(new Vector2(x, Top), new Vector2(x, height - Bottom), 1.2f, Mark);
            // Labels on three levels, so that close ones do not meet; near the right edge they stand to the left of their line.
            float wide = StrokeFont.Measure(what, 9) + 6;
            picture.Text(what, x + wide > width - Right ? x - wide : x + 6, height - Bottom - 12 - 18 * (i % 3), 9, Mark);
        }
        // The share of a handful of items says nothing.
        for (int item = 10; item < tally.Count; item++)
            picture.Line(new Vector2(X(item - 1), Y(tally.ScoreAt(item - 1))), new Vector2(X(item), Y(tally.ScoreAt(item))), 2.4f, Curve);
        return picture;
    }

    private static int Step(int count)
    {
        int[] steps = [10, 20, 50, 100, 200, 500, 1000];
        return steps.FirstOrDefault(step => count / step <= 10, 2000);
    }
}
