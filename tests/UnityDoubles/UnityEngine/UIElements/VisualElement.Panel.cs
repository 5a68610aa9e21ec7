using System;
using System.Collections.Generic;
using UnityDoubles;

namespace UnityEngine.UIElements
{
    public interface IPanel : IDisposable
    {
        VisualElement visualTree { get; }
    }

    public partial class VisualElement
    {
        private readonly List<ScheduledItem> _scheduled = new List<ScheduledItem>();
        private CustomStyle _custom = new CustomStyle(new Dictionary<string, string>());
        private Rect? _layout;
        private bool _dirty;

        public IPanel panel => Panel;

        public Action<MeshGenerationContext> generateVisualContent { get; set; }

        public IVisualElementScheduler schedule => new Scheduler(this);

        public ICustomStyle customStyle => _custom;

        public VisualElementStyleSheetSet styleSheets => new VisualElementStyleSheetSet(this);

        public IResolvedStyle resolvedStyle => new ResolvedStyle(this);

        /// <summary>The double lays nothing out: an element is as large as the test says, else as its parent.</summary>
        public Rect layout => _layout ?? new Rect(0, 0, parent?.layout.width ?? 0, parent?.layout.height ?? 0);

        public Rect contentRect => new Rect(0, 0, layout.width, layout.height);

        public Rect worldBound => layout;

        public void MarkDirtyRepaint() => _dirty = true;

        internal Panel Panel { get; private set; }

        internal List<StyleSheet> Sheets { get; } = new List<StyleSheet>();

        internal void EnsurePanel(PlayerLoop loop, Rect size)
        {
            _layout = size;
            if (Panel == null) Attach(new Panel(loop, this));
        }

        internal void DropPanel()
        {
            if (Panel != null) Detach();
        }

        /// <summary>A frame of the panel: layout, styles, scheduled work, drawing.</summary>
        internal void TickPanel()
        {
            if (Panel == null) return;
            ResolveCustomStyles();
            RunScheduled();
            Draw();
        }

        /// <summary>Gives the element a size, as a layout would.</summary>
        internal void SetLayout(Rect rect)
        {
            Rect old = layout;
            _layout = rect;
            SendEvent(GeometryChangedEvent.GetPooled(old, rect));
        }

        internal void Schedule(ScheduledItem item) => _scheduled.Add(item);

        private void Attach(Panel panel)
        {
            Panel = panel;
            foreach (ScheduledItem item in _scheduled) item.Restart();
            _dirty = true;
            SendEvent(AttachToPanelEvent.GetPooled());
            foreach (VisualElement child in _children.ToArray()) child.Attach(panel);
        }

        private void Detach()
        {
            foreach (VisualElement child in _children.ToArray()) child.Detach();
            SendEvent(DetachFromPanelEvent.GetPooled());
            Panel = null;
        }

        private void RunScheduled()
        {
            foreach (ScheduledItem item in _scheduled.ToArray())
                if (Panel != null && item.Run()) _scheduled.Remove(item);
            foreach (VisualElement child in _children.ToArray()) child.RunScheduled();
        }

        private void ResolveCustomStyles()
        {
            if (Listens(typeof(CustomStyleResolvedEvent)))
            {
                Dictionary<string, string> now = StyleResolver.Custom(this);
                if (now.Count > 0 && !_custom.Same(now))
                {
                    _custom = new CustomStyle(now);
                    SendEvent(CustomStyleResolvedEvent.GetPooled());
                }
            }
            foreach (VisualElement child in _children.ToArray()) child.ResolveCustomStyles();
        }

        private void Draw()
        {
            if (_dirty && generateVisualContent != null && StyleResolver.IsShown(this))
            {
                var context = new MeshGenerationContext(this);
                generateVisualContent(context);
                Drawing = context.painter2D;
            }
            _dirty = false;
            foreach (VisualElement child in _children) child.Draw();
        }

        /// <summary>What was last drawn into the element.</summary>
        internal Painter2D Drawing { get; private set; }
    }

    internal sealed class Panel : IPanel
    {
        public Panel(PlayerLoop loop, VisualElement root)
        {
            Loop = loop;
            visualTree = root;
        }

        public PlayerLoop Loop { get; }

        public VisualElement visualTree { get; }

        public void Dispose()
        {
        }
    }
}
