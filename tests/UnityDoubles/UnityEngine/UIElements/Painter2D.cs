using System;
using System.Collections.Generic;

namespace UnityEngine.UIElements
{
    public enum LineJoin
    {
        Miter,
        Bevel,
        Round,
    }

    public enum LineCap
    {
        Butt,
        Round,
    }

    public enum FillRule
    {
        NonZero,
        OddEven,
    }

    public class MeshGenerationContext
    {
        internal MeshGenerationContext(VisualElement element) => visualElement = element;

        public VisualElement visualElement { get; }

        public Painter2D painter2D { get; } = new Painter2D();
    }

    /// <summary>Draws into an element. The double keeps the strokes and fills.</summary>
    public class Painter2D : IDisposable
    {
        private readonly List<List<Vector2>> _paths = new List<List<Vector2>>();

        public float lineWidth { get; set; } = 1;

        public Color strokeColor { get; set; } = Color.black;

        public Color fillColor { get; set; } = Color.black;

        public LineJoin lineJoin { get; set; }

        public LineCap lineCap { get; set; }

        /// <summary>What was drawn: colour, whether filled, and the corners of each part.</summary>
        internal List<(Color Color, bool Filled, List<List<Vector2>> Paths)> Drawn { get; } = new List<(Color, bool, List<List<Vector2>>)>();

        public void BeginPath() => _paths.Clear();

        public void ClosePath()
        {
            if (_paths.Count > 0 && _paths[_paths.Count - 1].Count > 0) _paths[_paths.Count - 1].Add(_paths[_paths.Count - 1][0]);
        }

        public void MoveTo(Vector2 pos) => _paths.Add(new List<Vector2> { Finite(pos) });

        public void LineTo(Vector2 pos)
        {
            if (_paths.Count == 0) throw new InvalidOperationException("LineTo without MoveTo");
            _paths[_paths.Count - 1].Add(Finite(pos));
        }

        public void Stroke() => Keep(strokeColor, false);

        public void Fill(FillRule fillRule = FillRule.NonZero) => Keep(fillColor, true);

        public void Dispose()
        {
        }

        private void Keep(Color color, bool filled) => Drawn.Add((color, filled, _paths.ConvertAll(path => new List<Vector2>(path))));

        private static Vector2 Finite(Vector2 at) => float.IsNaN(at.x) || float.IsNaN(at.y) || float.IsInfinity(at.x) || float.IsInfinity(at.y)
            ? throw new ArgumentException($"A corner at {at.x}, {at.y}.")
            : at;
    }
}
