using System.Numerics;
using Cortado.Demo.Play.Drawing;
using UnityDoubles;
using UnityEngine;
using Vector3 = System.Numerics.Vector3;

namespace Cortado.Demo.Play;

/// <summary>Pictures of the game in rows, each with what the eye saw, what the gate believed, and the score.</summary>
internal sealed class FilmStrip(Game game)
{
    private const int Width = 400, Height = 236, Sharper = 2, Gap = 8, Head = 34, Eye = 80;

    private static readonly Vector3 Paper = new(0.09f, 0.1f, 0.12f), Ink = new(0.93f, 0.94f, 0.95f), Dim = new(0.62f, 0.66f, 0.7f), Good = new(0.3f, 0.9f, 0.4f), Bad = new(1, 0.36f, 0.3f);

    private readonly List<Row> _rows = [];
    private byte[] _rgb = [];

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Begins a row.</summary>
    public void Begin(string title) => _rows.Add(new Row(title));

    /// <summary>Takes a picture of the game as it stands.</summary>
    /// <param name="caption">What happens in it.</param>
    /// <param name="good">Whether that is as it should be; null for neither.</param>
    public void Take(string caption, bool? good) => Take(caption, good, showPanel: false);

    /// <summary>The same, with the panel as it is drawn on the screen.</summary>
    public void TakePanel(string caption, bool? good) => Take(caption, good, showPanel: true);

    private void Take(string caption, bool? good, bool showPanel)
    {
        var frame = new Picture(Width, Height, Paper);
        game.Renderer.Render(Camera.main, Width * Sharper, Height * Sharper, ref _rgb);
        frame.Place(Halved(), Width, Height, 0, 0);
        if (showPanel) PanelPicture.Draw(frame, game.World.Gui.Drawn, 6, 28, Width - 12);
        else DrawEye(frame);
        DrawScore(frame);
        frame.Fill(0, Height - 24, Width, 24, Paper, 0.8f);
        frame.Text(caption, showPanel ? 8 : Eye + 22, Height - 8, 10, good == null ? Ink : good.Value ? Good : Bad);
        _rows[^1].Frames.Add(frame);
    }

    /// <summary>All rows in one picture.</summary>
    public Picture Compose()
    {
        int columns = _rows.Max(row => row.Frames.Count);
        var sheet = new Picture(Gap + columns * (Width + Gap), _rows.Count * (Head + Height + Gap), Paper);
        for (int i = 0; i < _rows.Count; i++)
        {
            int top = i * (Head + Height + Gap);
            sheet.Text(_rows[i].Title, Gap + 2, top + Head - 10, 13, Ink, bold: true);
            for (int j = 0; j < _rows[i].Frames.Count; j++) sheet.Place(_rows[i].Frames[j], Gap + j * (Width + Gap), top + Head);
        }
        return sheet;
    }

    private void DrawEye(Picture frame)
    {
        int top = Height - Eye - 8;
        frame.Fill(6, top - 2, Eye + 4, Eye + 4, Ink);
        RenderTexture picture = game.Belt.Picture;
        frame.Place(Rgb(picture.Stored, picture.width * picture.height), picture.width, picture.height, 8, top);
    }

    private void DrawScore(Picture frame)
    {
        frame.Fill(0, 0, Width, 24, Paper, 0.8f);
        string asked = game.Gate.Network == null ? "no network: a coin decides" : $"in the eye: {game.Gate.LastAnswer}";
        frame.Text(asked, 8, 17, 10, game.Gate.Network == null ? Dim : Ink);
        string score = game.Board.Sorted == 0 ? "" : FormattableString.Invariant($"{100 * game.Board.Score:F0} % right");
        frame.Text(score, Width - 8 - StrokeFont.Measure(score, 11), 17, 11, game.Board.Score > 0.9f ? Good : Ink, bold: true);
    }

    // Rendered twice as wide and high, so that four pixels make one.
    private byte[] Halved()
    {
        byte[] half = new byte[3 * Width * Height];
        int wide = Width * Sharper;
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < 3 * Width; x++)
            {
                int at = 3 * (2 * y * wide + 2 * (x / 3)) + x % 3;
                half[y * 3 * Width + x] = (byte)((_rgb[at] + _rgb[at + 3] + _rgb[at + 3 * wide] + _rgb[at + 3 * wide + 3] + 2) / 4);
            }
        return half;
    }

    private static byte[] Rgb(byte[] rgba, int pixels)
    {
        byte[] rgb = new byte[3 * pixels];
        for (int i = 0; i < pixels && 4 * i < rgba.Length; i++) rgba.AsSpan(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        return rgb;
    }

    private sealed class Row(string title)
    {
        public string Title { get; } = title;

        public List<Picture> Frames { get; } = [];
    }
}
