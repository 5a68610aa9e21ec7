using Spectre.Console;

namespace Cortado.Cli;

/// <summary>Rows under headings: lined on a terminal, aligned by spaces in a file.</summary>
internal sealed class TextTable
{
    private readonly string[] _headings;
    private readonly bool[] _right;
    private readonly List<string[]> _rows = [];

    /// <summary>Creates a table; a heading that begins with <c>&gt;</c> makes its column right-aligned, as numbers are.</summary>
    public TextTable(params string[] headings)
    {
        _right = Array.ConvertAll(headings, h => h.StartsWith('>'));
        _headings = Array.ConvertAll(headings, h => h.TrimStart('>'));
    }

    public void Row(params string[] cells) => _rows.Add(cells);

    public int Count => _rows.Count;

    public void Write(Terminal terminal)
    {
        if (terminal.Live is { } console) WriteLined(console);
        else WritePlain(terminal);
    }

    private void WriteLined(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < _headings.Length; i++)
        {
            var column = new TableColumn(new Markup($"[bold]{Markup.Escape(_headings[i])}[/]")) { NoWrap = true };
            if (_right[i]) column.Alignment = Justify.Right;
            table.AddColumn(column);
        }
        foreach (string[] row in _rows) table.AddRow(Array.ConvertAll(row, cell => new Text(cell)));
        console.Write(table);
    }

    private void WritePlain(Terminal terminal)
    {
        int[] widths = Array.ConvertAll(_headings, h => h.Length);
        foreach (string[] row in _rows)
            for (int i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        terminal.Line(PlainRow(_headings, widths));
        foreach (string[] row in _rows) terminal.Line(PlainRow(row, widths));
    }

    private string PlainRow(string[] cells, int[] widths)
    {
        string[] padded = new string[cells.Length];
        for (int i = 0; i < cells.Length; i++) padded[i] = _right[i] ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]);
        return string.Join("  ", padded).TrimEnd();
    }
}
