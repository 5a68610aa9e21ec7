using System.Collections.Generic;
using Cortado.Training;
using UnityEngine;
using UnityEngine.UIElements;

namespace Cortado.Unity.Editor
{
    /// <summary>Draws the curves of a training. What to draw is worked out by <see cref="TrainingChart"/>; colours come from the style sheet.</summary>
    internal sealed class CurveView : VisualElement
    {
        private static readonly CustomStyleProperty<Color> LossColor = new CustomStyleProperty<Color>("--cortado-loss"), TestLossColor = new CustomStyleProperty<Color>("--cortado-test-loss"),
            AccuracyColor = new CustomStyleProperty<Color>("--cortado-accuracy"), GridColor = new CustomStyleProperty<Color>("--cortado-grid"), BandColor = new CustomStyleProperty<Color>("--cortado-band");

        private readonly TrainingChart _chart = new TrainingChart();
        private Color _loss = Color.white, _testLoss = Color.yellow, _accuracy = Color.green, _grid = Color.gray, _band = new Color(1, 1, 1, 0.2f);

        public CurveView()
        {
            AddToClassList("cortado-curves__canvas");
            generateVisualContent += Draw;
            RegisterCallback<CustomStyleResolvedEvent>(TakeColors);
        }

        /// <summary>The chart that is shown.</summary>
        public TrainingChart Chart => _chart;

        /// <summary>Shows a training's curves as they are now.</summary>
        public void Show(TrainingHistory history, int maxIterations)
        {
            _chart.Update(history, maxIterations, Mathf.Max(16, (int)contentRect.width));
            MarkDirtyRepaint();
        }

        private void TakeColors(CustomStyleResolvedEvent resolved)
        {
            Take(resolved.customStyle, LossColor, ref _loss);
            Take(resolved.customStyle, TestLossColor, ref _testLoss);
            Take(resolved.customStyle, AccuracyColor, ref _accuracy);
            Take(resolved.customStyle, GridColor, ref _grid);
            Take(resolved.customStyle, BandColor, ref _band);
            MarkDirtyRepaint();
        }

        private static void Take(ICustomStyle style, CustomStyleProperty<Color> property, ref Color color)
        {
            if (style.TryGetValue(property, out Color given)) color = given;
        }

        private void Draw(MeshGenerationContext context)
        {
            Rect area = contentRect;
            if (area.width < 2 || area.height < 2) return;
            Painter2D painter = context.painter2D;
            DrawGrid(painter, area);
            DrawBand(painter, area);
            foreach (ChartLine line in _chart.Tests) Stroke(painter, area, line.Points, line.Series == ChartSeries.Accuracy ? _accuracy : _testLoss, 2);
            Stroke(painter, area, _chart.Loss, _loss, 1.5f);
        }

        private void DrawGrid(Painter2D painter, Rect area)
        {
            painter.strokeColor = _grid;
            painter.lineWidth = 1;
            painter.BeginPath();
            foreach (ChartTick tick in _chart.LossTicks) Line(painter, At(area, 0, tick.Position), At(area, 1, tick.Position));
            foreach (ChartTick tick in _chart.IterationTicks) Line(painter, At(area, tick.Position, 0), At(area, tick.Position, 1));
            if (_chart.Diverged is float at) Line(painter, At(area, at, 0), At(area, at, 1));
            painter.Stroke();
        }

        private void DrawBand(Painter2D painter, Rect area)
        {
            IReadOnlyList<ChartPoint> band = _chart.Band;
            painter.strokeColor = _band;
            painter.lineWidth = 1;
            painter.BeginPath();
            for (int i = 0; i + 1 < band.Count; i += 2)
                if (band[i].Y < band[i + 1].Y) Line(painter, At(area, band[i].X, band[i].Y), At(area, band[i + 1].X, band[i + 1].Y));
            painter.Stroke();
        }

        private static void Stroke(Painter2D painter, Rect area, IReadOnlyList<ChartPoint> points, Color color, float width)
        {
            if (points.Count == 0) return;
            painter.strokeColor = color;
            painter.lineWidth = width;
            painter.lineJoin = LineJoin.Round;
            painter.BeginPath();
            foreach (ChartPoint point in points)
            {
                if (point.Begins) painter.MoveTo(At(area, point.X, point.Y));
                else painter.LineTo(At(area, point.X, point.Y));
            }
            painter.Stroke();
        }

        private static void Line(Painter2D painter, Vector2 from, Vector2 to)
        {
            painter.MoveTo(from);
            painter.LineTo(to);
        }

        // The panel's y goes down.
        private static Vector2 At(Rect area, float x, float y) => new Vector2(area.x + x * area.width, area.y + (1 - y) * area.height);
    }
}
