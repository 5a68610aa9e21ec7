using System;
using System.Globalization;

namespace UnityEngine.UIElements
{
    public enum DisplayStyle
    {
        Flex,
        None,
    }

    public enum Visibility
    {
        Visible,
        Hidden,
    }

    public enum Position
    {
        Relative,
        Absolute,
    }

    public enum LengthUnit
    {
        Pixel,
        Percent,
    }

    public enum StyleKeyword
    {
        Undefined,
        Null,
        Auto,
        None,
        Initial,
    }

    public struct Length
    {
        public Length(float value)
            : this(value, LengthUnit.Pixel)
        {
        }

        public Length(float value, LengthUnit unit)
        {
            this.value = value;
            this.unit = unit;
        }

        public float value { get; set; }

        public LengthUnit unit { get; set; }

        public static Length Percent(float value) => new Length(value, LengthUnit.Percent);

        public static implicit operator Length(float value) => new Length(value);
    }

    public struct StyleLength
    {
        public StyleLength(float v)
            : this(new Length(v))
        {
        }

        public StyleLength(Length v)
        {
            value = v;
            keyword = StyleKeyword.Undefined;
        }

        public StyleLength(StyleKeyword keyword)
        {
            value = default;
            this.keyword = keyword;
        }

        public Length value { get; set; }

        public StyleKeyword keyword { get; set; }

        public static implicit operator StyleLength(float v) => new StyleLength(v);

        public static implicit operator StyleLength(Length v) => new StyleLength(v);

        public static implicit operator StyleLength(StyleKeyword keyword) => new StyleLength(keyword);
    }

    public struct StyleFloat
    {
        public StyleFloat(float v)
        {
            value = v;
            keyword = StyleKeyword.Undefined;
        }

        public float value { get; set; }

        public StyleKeyword keyword { get; set; }

        public static implicit operator StyleFloat(float v) => new StyleFloat(v);
    }

    public struct StyleColor
    {
        public StyleColor(Color v)
        {
            value = v;
            keyword = StyleKeyword.Undefined;
        }

        public Color value { get; set; }

        public StyleKeyword keyword { get; set; }

        public static implicit operator StyleColor(Color v) => new StyleColor(v);
    }

    public struct StyleEnum<T> where T : struct, IConvertible
    {
        public StyleEnum(T v)
        {
            value = v;
            keyword = StyleKeyword.Undefined;
        }

        public T value { get; set; }

        public StyleKeyword keyword { get; set; }

        public static implicit operator StyleEnum<T>(T v) => new StyleEnum<T>(v);

        public static bool operator ==(StyleEnum<T> lhs, StyleEnum<T> rhs) => lhs.value.Equals(rhs.value);

        public static bool operator !=(StyleEnum<T> lhs, StyleEnum<T> rhs) => !(lhs == rhs);
    }

    public interface IStyle
    {
        StyleEnum<DisplayStyle> display { get; set; }

        StyleEnum<Visibility> visibility { get; set; }

        StyleEnum<Position> position { get; set; }

        StyleLength left { get; set; }

        StyleLength right { get; set; }

        StyleLength top { get; set; }

        StyleLength bottom { get; set; }

        StyleLength width { get; set; }

        StyleLength height { get; set; }

        StyleFloat flexGrow { get; set; }

        StyleFloat flexShrink { get; set; }

        StyleFloat opacity { get; set; }

        StyleColor color { get; set; }

        StyleColor backgroundColor { get; set; }
    }

    internal sealed class InlineStyle : IStyle
    {
        public StyleEnum<DisplayStyle> display { get; set; }

        public StyleEnum<Visibility> visibility { get; set; }

        public StyleEnum<Position> position { get; set; }

        public StyleLength left { get; set; }

        public StyleLength right { get; set; }

        public StyleLength top { get; set; }

        public StyleLength bottom { get; set; }

        public StyleLength width { get; set; }

        public StyleLength height { get; set; }

        public StyleFloat flexGrow { get; set; }

        public StyleFloat flexShrink { get; set; }

        public StyleFloat opacity { get; set; } = 1;

        public StyleColor color { get; set; }

        public StyleColor backgroundColor { get; set; }

        /// <summary>Whether display was set in code: then it goes before every sheet.</summary>
        public bool HidesItself => display.value == DisplayStyle.None || visibility.value == Visibility.Hidden;

        /// <summary>The style attribute of a UXML file.</summary>
        public void Read(string text)
        {
            foreach (StyleDeclaration declaration in StyleParser.Declarations(text, "style attribute"))
                if (declaration.Property == "display") display = declaration.Value == "none" ? DisplayStyle.None : DisplayStyle.Flex;
        }
    }

    public interface IResolvedStyle
    {
        DisplayStyle display { get; }

        float width { get; }

        float height { get; }
    }

    internal sealed class ResolvedStyle : IResolvedStyle
    {
        private readonly VisualElement _element;

        public ResolvedStyle(VisualElement element) => _element = element;

        public DisplayStyle display => StyleResolver.IsDisplayed(_element) ? DisplayStyle.Flex : DisplayStyle.None;

        public float width => _element.layout.width;

        public float height => _element.layout.height;
    }
}
