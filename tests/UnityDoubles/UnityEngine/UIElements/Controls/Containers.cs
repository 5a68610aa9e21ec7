using System;
using System.Globalization;

namespace UnityEngine.UIElements
{
    public class Foldout : BindableElement, INotifyValueChanged<bool>
    {
        private readonly VisualElement _content = new VisualElement { name = "unity-content" };
        private bool _value = true;

        public Foldout() => InsertDirectly(_content);

        public string text { get; set; } = "";

        public override VisualElement contentContainer => _content ?? this;

        public bool value
        {
            get => _value;
            set
            {
                if (_value == value) return;
                bool previous = _value;
                SetValueWithoutNotify(value);
                using (ChangeEvent<bool> evt = ChangeEvent<bool>.GetPooled(previous, value)) SendEvent(evt);
            }
        }

        public void SetValueWithoutNotify(bool newValue)
        {
            _value = newValue;
            _content.style.display = newValue ? DisplayStyle.Flex : DisplayStyle.None;
        }

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "text": text = value; return true;
                case "value": SetValueWithoutNotify(Flag(value)); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }

    public enum ScrollViewMode
    {
        Vertical,
        Horizontal,
        VerticalAndHorizontal,
    }

    public class ScrollView : VisualElement
    {
        private readonly VisualElement _content = new VisualElement { name = "unity-content-container" };

        public ScrollView()
            : this(ScrollViewMode.Vertical)
        {
        }

        public ScrollView(ScrollViewMode scrollViewMode)
        {
            mode = scrollViewMode;
            InsertDirectly(_content);
        }

        public ScrollViewMode mode { get; set; }

        public override VisualElement contentContainer => _content ?? this;

        internal override bool SetAttribute(string attribute, string value)
        {
            if (attribute != "mode") return base.SetAttribute(attribute, value);
            mode = (ScrollViewMode)Enum.Parse(typeof(ScrollViewMode), value);
            return true;
        }
    }

    public abstract class AbstractProgressBar : BindableElement, INotifyValueChanged<float>
    {
        private float _value;

        public string title { get; set; } = "";

        public float lowValue { get; set; }

        public float highValue { get; set; } = 100;

        public virtual float value
        {
            get => _value;
            set
            {
                if (_value == value) return;
                float previous = _value;
                _value = value;
                if (panel == null) return;
                using (ChangeEvent<float> evt = ChangeEvent<float>.GetPooled(previous, value)) SendEvent(evt);
            }
        }

        public void SetValueWithoutNotify(float newValue) => _value = newValue;

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "title": title = value; return true;
                case "low-value": lowValue = float.Parse(value, CultureInfo.InvariantCulture); return true;
                case "high-value": highValue = float.Parse(value, CultureInfo.InvariantCulture); return true;
                case "value": _value = float.Parse(value, CultureInfo.InvariantCulture); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }

    public class ProgressBar : AbstractProgressBar
    {
    }

    public class Image : VisualElement
    {
        public Texture image { get; set; }

        public ScaleMode scaleMode { get; set; } = ScaleMode.ScaleToFit;
    }
}

namespace UnityEngine
{
    public enum ScaleMode
    {
        StretchToFill,
        ScaleAndCrop,
        ScaleToFit,
    }
}
