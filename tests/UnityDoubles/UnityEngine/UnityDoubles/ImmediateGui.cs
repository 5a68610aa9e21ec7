using System;
using System.Collections.Generic;
using UnityEngine;

namespace UnityDoubles
{
    /// <summary>What OnGUI draws: the engine calls it for layout and again for each event, so a press is seen in one call only.</summary>
    public sealed class ImmediateGui
    {
        private readonly List<GuiElement> _drawn = new List<GuiElement>();
        private bool _inArea, _hears;
        private string _pressed;

        /// <summary>What the last frame drew, from top to bottom.</summary>
        public IReadOnlyList<GuiElement> Drawn => _drawn;

        /// <summary>Presses the button or toggle with that text; the next frame's OnGUI sees it.</summary>
        /// <exception cref="InvalidOperationException">The last frame drew none.</exception>
        public void Press(string text)
        {
            if (!_drawn.Exists(element => element.Kind != GuiKind.Label && element.Text == text)) throw new InvalidOperationException($"There is no button '{text}'; there are: {string.Join(", ", _drawn.FindAll(e => e.Kind == GuiKind.Button || e.Kind == GuiKind.Toggle).ConvertAll(e => e.Text))}.");
            _pressed = text;
        }

        /// <summary>The texts of a kind that the last frame drew.</summary>
        public IReadOnlyList<string> Texts(GuiKind kind) => _drawn.FindAll(element => element.Kind == kind).ConvertAll(element => element.Text);

        internal GUISkin Skin { get; } = new GUISkin();

        internal void Begin(bool hears)
        {
            _drawn.Clear();
            _hears = hears;
        }

        internal void End()
        {
            if (_inArea) throw new InvalidOperationException("GUILayout.BeginArea without EndArea.");
            if (_hears) _pressed = null;
        }

        internal void BeginArea(Rect area)
        {
            if (_inArea) throw new InvalidOperationException("The double has no areas in areas.");
            _inArea = true;
            _drawn.Add(new GuiElement(GuiKind.Area, "", false, null, area));
        }

        internal void EndArea() => _inArea = _inArea ? false : throw new InvalidOperationException("GUILayout.EndArea without BeginArea.");

        internal bool Show(GuiKind kind, string text, bool on)
        {
            _drawn.Add(new GuiElement(kind, text ?? throw new ArgumentNullException(nameof(text)), on, null, default));
            return _hears && _pressed == text && kind != GuiKind.Label;
        }

        internal void Show(Texture image) => _drawn.Add(new GuiElement(GuiKind.Picture, "", false, image, default));
    }

    /// <summary>What stands in OnGUI's panel.</summary>
    public enum GuiKind
    {
        Area,
        Label,
        Button,
        Toggle,
        Picture,
    }

    /// <summary>One element that OnGUI drew.</summary>
    public sealed class GuiElement
    {
        internal GuiElement(GuiKind kind, string text, bool on, Texture image, Rect area) => (Kind, Text, On, Image, Area) = (kind, text, on, image, area);

        public GuiKind Kind { get; }

        public string Text { get; }

        /// <summary>Whether a toggle is on.</summary>
        public bool On { get; }

        public Texture Image { get; }

        public Rect Area { get; }
    }
}
