using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cortado.Formats;

/// <summary>Writes messages as protobuf's own text printer does: fields by number, one value a line, two blanks a level.</summary>
internal sealed class PrototxtPrinter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public string Print(IMessage message)
    {
        PrintFields(message);
        return _text.ToString();
    }

    private void PrintFields(IMessage message)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.IsRepeated)
            {
                foreach (object value in (IList)field.Accessor.GetValue(message))
                {
                    PrintField(field, value);
                }
            }
            else if (field.Accessor.HasValue(message))
            {
                PrintField(field, field.Accessor.GetValue(message));
            }
        }
    }

    private void PrintField(FieldDescriptor field, object value)
    {
        _text.Append(' ', 2 * _indent).Append(field.Name);
        if (value is IMessage message)
        {
            _text.Append(" {\n");
            _indent++;
            PrintFields(message);
            _indent--;
            _text.Append(' ', 2 * _indent).Append("}\n");
            return;
        }

        _text.Append(": ");
        PrintScalar(field, value);
        _text.Append('\n');
    }

    private void PrintScalar(FieldDescriptor field, object value)
    {
        switch (field.FieldType)
        {
            case FieldType.Float:
                _text.Append(NumberText.OfFloat((float)value));
                break;
            case FieldType.Double:
                _text.Append(NumberText.OfDouble((double)value));
                break;
            case FieldType.Bool:
                _text.Append((bool)value ? "true" : "false");
                break;
            case FieldType.Enum:
                int number = Convert.ToInt32(value, CultureInfo.InvariantCulture);
                _text.Append(field.EnumType.FindValueByNumber(number)?.Name ?? number.ToString(CultureInfo.InvariantCulture));
                break;
            case FieldType.String:
                PrototxtString.Encode(Encoding.UTF8.GetBytes((string)value), _text);
                break;
            case FieldType.Bytes:
                PrototxtString.Encode(((ByteString)value).Span, _text);
                break;
            default:
                _text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
