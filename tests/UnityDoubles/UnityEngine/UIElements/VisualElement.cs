using System;
using System.Collections.Generic;
using System.Linq;
using UnityDoubles;

namespace UnityEngine.UIElements
{
    public enum PickingMode
    {
        Position,
        Ignore,
    }

    public partial class VisualElement : Focusable
    {
        private readonly List<VisualElement> _children = new List<VisualElement>();
        private readonly List<string> _classes = new List<string>();
        private bool _enabled = true;

        public VisualElement() => style = new InlineStyle();

        public string name { get; set; } = "";

        public string tooltip { get; set; } = "";

        public string viewDataKey { get; set; }

        public object userData { get; set; }

        public PickingMode pickingMode { get; set; }

        public IStyle style { get; }

        public VisualElement parent { get; private set; }

        public virtual VisualElement contentContainer => this;

        public int childCount => contentContainer._children.Count;

        public VisualElement this[int key] => contentContainer._children[key];

        public bool enabledSelf => _enabled;

        public bool enabledInHierarchy => _enabled && (parent?.enabledInHierarchy ?? true);

        public bool visible { get; set; } = true;

        public IEnumerable<VisualElement> Children() => contentContainer._children;

        public void SetEnabled(bool value) => _enabled = value;

        public void Add(VisualElement child) => Insert(childCount, child);

        public void Insert(int index, VisualElement element)
        {
            if (element == null) throw new ArgumentException("Cannot insert null child");
            if (element == this) throw new ArgumentException("Cannot insert element as its own child");
            element.RemoveFromHierarchy();
            contentContainer.InsertDirectly(element, index);
        }

        public void Remove(VisualElement element)
        {
            if (!contentContainer._children.Contains(element)) throw new ArgumentException("This VisualElement is not my child");
            element.RemoveFromHierarchy();
        }

        public void RemoveAt(int index) => this[index].RemoveFromHierarchy();

        public void RemoveFromHierarchy()
        {
            if (parent == null) return;
            if (Panel != null) Detach();
            parent._children.Remove(this);
            parent = null;
        }

        public void Clear()
        {
            foreach (VisualElement child in contentContainer._children.ToArray()) child.RemoveFromHierarchy();
        }

        public int IndexOf(VisualElement element) => contentContainer._children.IndexOf(element);

        public bool Contains(VisualElement child)
        {
            for (; child != null; child = child.parent)
                if (child == this) return true;
            return false;
        }

        public IEnumerable<string> GetClasses() => _classes;

        public void ClearClassList() => _classes.Clear();

        public void AddToClassList(string className)
        {
            if (!_classes.Contains(className)) _classes.Add(className);
        }

        public void RemoveFromClassList(string className) => _classes.Remove(className);

        public void ToggleInClassList(string className) => EnableInClassList(className, !ClassListContains(className));

        public void EnableInClassList(string className, bool enable)
        {
            if (enable) AddToClassList(className);
            else RemoveFromClassList(className);
        }

        public bool ClassListContains(string cls) => _classes.Contains(cls);

        public override void SendEvent(EventBase e)
        {
            if (Panel == null) return;
            e.target = this;
            var path = new List<VisualElement>();
            for (VisualElement at = this; at != null; at = at.parent) path.Add(at);
            if (e.tricklesDown)
                for (int i = path.Count - 1; i > 0 && !e.isPropagationStopped; i--) path[i].Call(e, true);
            for (int i = 0; i < (e.bubbles ? path.Count : 1) && !e.isPropagationStopped; i++)
            {
                if (i == 0) path[i].Call(e, true);
                path[i].Call(e, false);
                if (i == 0) path[i].OnEvent(e);
            }
        }

        public override string ToString() => $"{GetType().Name} {name}";

        internal IEnumerable<VisualElement> HierarchyChildren => _children;

        internal void InsertDirectly(VisualElement element, int index = 0)
        {
            _children.Insert(index, element);
            element.parent = this;
            if (Panel != null) element.Attach(Panel);
        }

        /// <summary>Takes an attribute of a UXML file; false where the element has none of that name.</summary>
        internal virtual bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "name": name = value; return true;
                case "tooltip": tooltip = value; return true;
                case "view-data-key": viewDataKey = value; return true;
                case "focusable": focusable = Flag(value); return true;
                case "picking-mode": pickingMode = (PickingMode)Enum.Parse(typeof(PickingMode), value); return true;
                case "class":
                    foreach (string one in value.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries)) AddToClassList(one);
                    return true;
                case "style":
                    ((InlineStyle)style).Read(value);
                    return true;
                case "enabled": _enabled = Flag(value); return true;
                default: return false;
            }
        }

        internal virtual void OnEvent(EventBase evt)
        {
        }

        internal static bool Flag(string value) => value == "true" ? true : value == "false" ? false : throw new FormatException($"'{value}' is neither true nor false.");
    }
}
