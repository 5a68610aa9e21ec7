using System.Collections;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cortado.Tests.FileFormats;

/// <summary>Generates messages of any type by their descriptors, each field set or not.</summary>
internal static class RandomMessages
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 8],
        Gen.String[Gen.Char['\0', '\uD7FF'], 0, 8],
        Gen.OneOf("\U0001F600", "\\", "\"'", "a\\\"", "#", "\r\n"));

    private static readonly Gen<float> Reals = Gen.OneOf(
        Gen.Float, Gen.OneOf(0f, -0f, 1e-8f, 0.1f, 1e6f, float.MaxValue, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN));

    public static Gen<T> Of<T>()
        where T : IMessage<T>, new() => Gen.Int[0, int.MaxValue].Select(seed => (T)Fill(new T(), new Pick(seed), 0));

    private static IMessage Fill(IMessage message, Pick pick, int depth)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            int values = field.IsRequired ? 1 : pick.Next(depth == 0 ? 2 : 4) != 0 ? 0 : field.IsRepeated ? 1 + pick.Next(3) : 1;
            for (int i = 0; i < values; i++)
            {
                object value = field.FieldType == FieldType.Message
                    ? Fill((IMessage)Activator.CreateInstance(field.MessageType.ClrType)!, pick, depth + 1)
                    : Scalar(field, pick);
                if (field.IsRepeated)
                {
                    ((IList)field.Accessor.GetValue(message)).Add(value);
                }
                else
                {
                    field.Accessor.SetValue(message, value);
                }
            }
        }

        return message;
    }

    private static object Scalar(FieldDescriptor field, Pick pick) => field.FieldType switch
    {
        FieldType.Float => pick.From(Reals),
        FieldType.Double => pick.From(Gen.Double),
        FieldType.Int32 => pick.From(Gen.Int),
        FieldType.Int64 => pick.From(Gen.Long),
        FieldType.UInt32 => pick.From(Gen.UInt),
        FieldType.Bool => pick.Next(2) == 0,
        FieldType.Enum => field.EnumType.Values[pick.Next(field.EnumType.Values.Count)].Number,
        FieldType.String => pick.From(Text),
        FieldType.Bytes => ByteString.CopyFrom(pick.From(Gen.Byte.Array[0, 8])),
        _ => throw new NotSupportedException(field.FieldType.ToString()),
    };

    private sealed class Pick(int seed)
    {
        private readonly PCG _pcg = new((uint)seed, (ulong)seed);

        public int Next(int count) => (int)_pcg.Next((uint)count);

        public T From<T>(Gen<T> gen) => gen.Generate(_pcg, null, out _);
    }
}
