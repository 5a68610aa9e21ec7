using System.Text;
using Cortado.Formats;

namespace Cortado.Diagnostics;

/// <summary>What the doctor found, and the edits that cure it.</summary>
public sealed class DoctorReport
{
    internal DoctorReport(Examination examination, IReadOnlyList<Finding> findings)
    {
        Examination = examination;
        Findings = findings;
    }

    /// <summary>What was looked at.</summary>
    public Examination Examination { get; }

    /// <summary>The findings, worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Whether a finding says that the training cannot work.</summary>
    public bool HasErrors => Has(Severity.Error);

    /// <summary>Whether there is a finding of at least a severity.</summary>
    public bool Has(Severity least)
    {
        foreach (Finding finding in Findings)
            if (finding.Severity >= least) return true;
        return false;
    }

    /// <summary>All edits together, for each file that they change: the text before and after.</summary>
    public IReadOnlyList<FileChange> Changes()
    {
        var edits = new List<PrototxtEdit>();
        foreach (Finding finding in Findings) edits.AddRange(finding.Edits);
        return Examination.Files.Changes(edits);
    }

    /// <summary>
    /// Writes the edits into the files. The original of each stays beside it under <c>NAME.orig</c> (or <c>.orig1</c>, ... where that is taken).
    /// </summary>
    /// <returns>The files written, each with the place of its original.</returns>
    /// <exception cref="CortadoException">A file changed since it was read, or cannot be written.</exception>
    public IReadOnlyList<(string File, string Original)> Apply() => Write(Changes());

    /// <summary>Writes some of the edits only. Examine again before writing others: places have moved.</summary>
    /// <param name="edits">Edits of <see cref="Findings"/>.</param>
    /// <returns>The files written, each with the place of its original.</returns>
    /// <exception cref="CortadoException">A file changed since it was read, or cannot be written.</exception>
    public IReadOnlyList<(string File, string Original)> Apply(IEnumerable<PrototxtEdit> edits) => Examination.Files.Apply(edits);

    internal static IReadOnlyList<(string File, string Original)> Write(IEnumerable<FileChange> changes)
    {
        var written = new List<(string, string)>();
        foreach (FileChange change in changes) written.Add((change.FileName, change.Write()));
        return written;
    }
}

/// <summary>One file's text before and after the edits.</summary>
/// <param name="FileName">The file.</param>
/// <param name="Before">Its text as it was read.</param>
/// <param name="After">Its text after the edits.</param>
/// <param name="Encoding">How its bytes stand for the text.</param>
public sealed record FileChange(string FileName, string Before, string After, Encoding Encoding)
{
    /// <summary>The change as a unified diff.</summary>
    public string Diff => UnifiedDiff.Of(FileName, Before, After);

    internal string Write()
    {
        if (TextFile.Read(FileName).Text.TrimStart('\uFEFF') != Before)
            throw new CortadoException($"{FileName} has changed since it was read, so nothing was written. Look at it again first.");
        try
        {
            string original = FileName + ".orig";
            for (int i = 1; File.Exists(original); i++) original = FormattableString.Invariant($"{FileName}.orig{i}");
            File.Copy(FileName, original);
            byte[] mark = Encoding.GetPreamble(), bytes = Encoding.GetBytes(After);
            AtomicFile.Write(FileName, stream =>
            {
                stream.Write(mark, 0, mark.Length);
                stream.Write(bytes, 0, bytes.Length);
            });
            return original;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CortadoException($"{FileName} cannot be changed: {error.Message}", error);
        }
    }
}
