using System;

namespace UnityEngine.UIElements
{
    public interface INotifyValueChanged<T>
    {
        T value { get; set; }

        void SetValueWithoutNotify(T newValue);
    }

    public static class INotifyValueChangedExtensions
    {
        public static bool RegisterValueChangedCallback<T>(this INotifyValueChanged<T> control, EventCallback<ChangeEvent<T>> callback)
        {
            if (!(control is CallbackEventHandler handler)) return false;
            handler.RegisterCallback(callback);
            return true;
        }

        public static bool UnregisterValueChangedCallback<T>(this INotifyValueChanged<T> control, EventCallback<ChangeEvent<T>> callback)
        {
            if (!(control is CallbackEventHandler handler)) return false;
            handler.UnregisterCallback(callback);
            return true;
        }
    }

    public interface IBindable
    {
        string bindingPath { get; set; }
    }

    public class BindableElement : VisualElement, IBindable
    {
        public string bindingPath { get; set; }

        internal override bool SetAttribute(string attribute, string value)
        {
            if (attribute != "binding-path") return base.SetAttribute(attribute, value);
            bindingPath = value;
            return true;
        }
    }

    public class TextElement : BindableElement
    {
        public virtual string text { get; set; } = "";

        public bool enableRichText { get; set; } = true;

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "text": text = value; return true;
                case "enable-rich-text": enableRichText = Flag(value); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }

    public class Label : TextElement
    {
        public Label()
        {
        }

        public Label(string text) => this.text = text;
    }

    public class Button : TextElement
    {
        public Button()
        {
        }

        public Button(Action clickEvent) => clicked += clickEvent;

        public event Action clicked;

        internal override void OnEvent(EventBase evt)
        {
            if (evt is ClickEvent && enabledInHierarchy && clicked != null) UnityDoubles.PlayerLoop.Current.Raise(clicked);
        }
    }

    public enum HelpBoxMessageType
    {
        None,
        Info,
        Warning,
        Error,
    }

    public class HelpBox : VisualElement
    {
        public HelpBox()
        {
        }

        public HelpBox(string text, HelpBoxMessageType messageType)
        {
            this.text = text;
            this.messageType = messageType;
        }

        public string text { get; set; } = "";

        public HelpBoxMessageType messageType { get; set; }

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "text": text = value; return true;
                case "message-type": messageType = (HelpBoxMessageType)Enum.Parse(typeof(HelpBoxMessageType), value); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }
}
