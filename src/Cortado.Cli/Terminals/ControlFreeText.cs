using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cortado.Cli;

/// <summary>A line written as it is: neither wrapped nor read as markup.</summary>
internal sealed class ControlFreeText(string text, bool newLine) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        if (text.Length > 0) yield return new Segment(text);
        if (newLine) yield return Segment.LineBreak;
    }
}
