namespace Cortado.Diagnostics;

/// <summary>A change of one stretch of a prototxt's text. The rest of the file, comments included, stays as it is.</summary>
/// <param name="FileName">The file.</param>
/// <param name="Start">First character to replace, counted from the start of the text.</param>
/// <param name="End">One past the last character to replace; equal to <paramref name="Start"/> for an insertion.</param>
/// <param name="NewText">What stands there afterwards.</param>
/// <param name="Summary">The change in a few words: <c>base_lr: 0.03 -> 0.01</c>.</param>
public sealed record PrototxtEdit(string FileName, int Start, int End, string NewText, string Summary)
{
    /// <summary>
    /// The text after some edits of one file. The same edit proposed twice is made once; of two different edits of one stretch the first stands.
    /// </summary>
    public static string Apply(string text, IEnumerable<PrototxtEdit> edits)
    {
        var ordered = new List<PrototxtEdit>();
        foreach (PrototxtEdit edit in edits)
            if (!ordered.Exists(other => other.Overlaps(edit))) ordered.Add(edit);
        ordered.Sort((a, b) => b.Start.CompareTo(a.Start));
        foreach (PrototxtEdit edit in ordered)
            text = text.Substring(0, edit.Start) + edit.NewText + text.Substring(edit.End);
        return text;
    }

    private bool Overlaps(PrototxtEdit other) =>
        Start == End || other.Start == other.End
            ? Start == other.Start && End == other.End && NewText == other.NewText
            : Start < other.End && other.Start < End;
}
