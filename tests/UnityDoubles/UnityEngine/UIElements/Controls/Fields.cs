using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace UnityEngine.UIElements
{
    public abstract class BaseField<TValueType> : BindableElement, INotifyValueChanged<TValueType>
    {
        private TValueType _value;

        protected BaseField(string label) => this.label = label ?? "";

        public string label { get; set; }

        public virtual TValueType value
        {
            get => _value;
            set
            {
                if (EqualityComparer<TValueType>.Default.Equals(_value, value)) return;
                TValueType previous = _value;
                SetValueWithoutNotify(value);
                if (panel == null) return;
                using (ChangeEvent<TValueType> evt = ChangeEvent<TValueType>.GetPooled(previous, value)) SendEvent(evt);
            }
        }

        public virtual void SetValueWithoutNotify(TValueType newValue) => _value = newValue;

        internal override bool SetAttribute(string attribute, string value)
        {
            if (attribute != "label") return base.SetAttribute(attribute, value);
            label = value;
            return true;
        }
    }

    public abstract class TextInputBaseField<TValueType> : BaseField<TValueType>
    {
        protected TextInputBaseField(string label)
            : base(label)
        {
        }

        public bool isDelayed { get; set; }

        public bool isReadOnly { get; set; }

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "is-delayed": isDelayed = Flag(value); return true;
                case "readonly": isReadOnly = Flag(value); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }

    public class TextField : TextInputBaseField<string>
    {
        public TextField()
            : this(null)
        {
        }

        public TextField(string label)
            : base(label) => SetValueWithoutNotify("");

        public bool multiline { get; set; }

        public override void SetValueWithoutNotify(string newValue) => base.SetValueWithoutNotify(newValue ?? "");

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "value": SetValueWithoutNotify(value); return true;
                case "multiline": multiline = Flag(value); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }

    public class IntegerField : TextInputBaseField<int>
    {
        public IntegerField()
            : this(null)
        {
        }

        public IntegerField(string label)
            : base(label)
        {
        }

        internal override bool SetAttribute(string attribute, string value)
        {
            if (attribute != "value") return base.SetAttribute(attribute, value);
            SetValueWithoutNotify(int.Parse(value, CultureInfo.InvariantCulture));
            return true;
        }
    }

    public class Toggle : BaseField<bool>
    {
        public Toggle()
            : this(null)
        {
        }

        public Toggle(string label)
            : base(label)
        {
        }

        public string text { get; set; } = "";

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "value": SetValueWithoutNotify(Flag(value)); return true;
                case "text": text = value; return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }

    public abstract class BasePopupField<TValueType, TValueChoice> : BaseField<TValueType>
    {
        private List<TValueChoice> _choices = new List<TValueChoice>();

        private protected BasePopupField(string label)
            : base(label)
        {
        }

        public virtual List<TValueChoice> choices
        {
            get => _choices;
            set => _choices = value ?? throw new ArgumentNullException(nameof(value));
        }
    }

    public class PopupField<T> : BasePopupField<T, T>
    {
        public PopupField()
            : this(null)
        {
        }

        public PopupField(string label)
            : base(label)
        {
        }

        public int index
        {
            get => choices.IndexOf(value);
            set => this.value = value < 0 || value >= choices.Count ? default : choices[value];
        }
    }

    public class DropdownField : PopupField<string>
    {
        public DropdownField()
            : this(null)
        {
        }

        public DropdownField(string label)
            : base(label)
        {
        }

        internal override bool SetAttribute(string attribute, string value)
        {
            switch (attribute)
            {
                case "choices": choices = value.Split(',').Select(choice => choice.Trim()).ToList(); return true;
                case "index": SetValueWithoutNotify(choices[int.Parse(value, CultureInfo.InvariantCulture)]); return true;
                default: return base.SetAttribute(attribute, value);
            }
        }
    }
}
