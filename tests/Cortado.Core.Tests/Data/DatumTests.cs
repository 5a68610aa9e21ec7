using Cortado.Data;
using Cortado.Formats;
using CsCheck;
using Google.Protobuf;

namespace Cortado.Tests.Data;

/// <summary>Our reader and writer of Datum against Google's protobuf library.</summary>
public class DatumTests
{
    private static readonly Gen<Datum> AnyDatum = Gen.Select(
        Gen.Int, Gen.Int, Gen.Int, Gen.Int, Gen.Byte.Array[0, 300], Gen.Float.Array[0, 50], Gen.Bool,
        (c, h, w, label, data, floats, encoded) =>
        {
            var datum = new Datum { Channels = c, Height = h, Width = w, Label = label, Data = ByteString.CopyFrom(data), Encoded = encoded };
            datum.FloatData.Add(floats);
            return datum;
        });

    [Fact]
    public void Reads_what_protobuf_writes()
    {
        AnyDatum.Sample(datum =>
        {
            var view = new DatumView(datum.ToByteArray());
            Assert.Equal((datum.Channels, datum.Height, datum.Width, datum.Label, datum.Encoded), (view.Channels, view.Height, view.Width, view.Label, view.Encoded));
            Assert.True(view.Data.SequenceEqual(datum.Data.Span));
            float[] floats = new float[view.FloatCount];
            view.CopyFloatsTo(floats);
            Assert.Equal(datum.FloatData.Select(BitConverter.SingleToInt32Bits), floats.Select(BitConverter.SingleToInt32Bits));
        });
    }

    [Fact]
    public void Reads_packed_floats_and_skips_unknown_fields()
    {
        byte[] message = [0x32, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0x4A, 1, 9, 0x51, 1, 2, 3, 4, 5, 6, 7, 8, 0x58, 5, 0x35, 0, 0, 0x40, 0x40];
        var view = new DatumView(message);
        float[] floats = new float[view.FloatCount];
        view.CopyFloatsTo(floats);
        Assert.Equal(new float[] { 1, 2, 3 }, floats);
    }

    [Fact]
    public void Protobuf_reads_what_we_write()
    {
        var writer = new DatumWriter();
        var image = new Image(3, 5, 7);
        new Random(1).NextBytes(image.Pixels);
        foreach (int label in new[] { 0, 1, 200, -3, int.MaxValue, int.MinValue })
        {
            writer.WritePixels(image, label);
            Datum datum = Datum.Parser.ParseFrom(writer.Message);
            Assert.Equal((3, 5, 7, label, false, true), (datum.Channels, datum.Height, datum.Width, datum.Label, datum.Encoded, datum.HasEncoded));
            Assert.True(datum.Data.Span.SequenceEqual(image.Span));
            writer.WriteEncoded(image.Span, label);
            datum = Datum.Parser.ParseFrom(writer.Message);
            Assert.Equal((label, true, false), (datum.Label, datum.Encoded, datum.HasChannels));
            Assert.True(datum.Data.Span.SequenceEqual(image.Span));
        }
    }

    [Fact]
    public void Damaged_messages_give_values_or_a_clear_error()
    {
        byte[] good = new Datum { Channels = 3, Height = 4, Width = 5, Label = 2, Data = ByteString.CopyFrom(new byte[60]), FloatData = { 1, 2, 3 } }.ToByteArray();
        var random = new Random(2);
        var pixels = new DatumPixels();
        int errors = 0;
        for (int i = 0; i < 20000; i++)
        {
            byte[] bytes = (byte[])good.Clone();
            for (int n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = bytes.AsSpan(0, random.Next(bytes.Length)).ToArray();
            try
            {
                var view = new DatumView(bytes);
                view.CopyFloatsTo(new float[view.FloatCount]);
                pixels.Decode(view, ImageColor.AsStored);
            }
            catch (CortadoException)
            {
                errors++;
            }
        }

        Assert.InRange(errors, 3000, 20000);
    }
}
