namespace Cortado.Data;

/// <summary>The pixels of one Datum after another: in place where they are bytes, decoded where they are an image file.</summary>
/// <remarks>Keeps its buffers for the next Datum; one thread at a time.</remarks>
public sealed class DatumPixels
{
    private readonly Image _image = new();
    private byte[] _file = Array.Empty<byte>();
    private float[] _floats = Array.Empty<float>();

    /// <summary>Channels of the Datum decoded last.</summary>
    public int Channels { get; private set; }

    /// <summary>Rows of the Datum decoded last.</summary>
    public int Height { get; private set; }

    /// <summary>Columns of the Datum decoded last.</summary>
    public int Width { get; private set; }

    /// <summary>Makes the pixels of a Datum ready and learns their size.</summary>
    /// <param name="datum">The Datum.</param>
    /// <param name="color">Which planes an encoded image gives. Pixels that are not encoded stay as they are, as in Caffe.</param>
    /// <exception cref="CortadoException">The Datum is broken. The message does not name the record.</exception>
    public void Decode(in DatumView datum, ImageColor color)
    {
        if (datum.Encoded)
        {
            // The decoder wants an array of its own.
            int length = datum.Data.Length;
            if (_file.Length < length) _file = new byte[Math.Max(length, 2 * _file.Length)];
            datum.Data.CopyTo(_file);
            ImageDecoder.Decode(_file, length, color, _image);
            (Channels, Height, Width) = (_image.Channels, _image.Height, _image.Width);
            return;
        }

        datum.CheckPixels();
        (Channels, Height, Width) = (datum.Channels, datum.Height, datum.Width);
    }

    /// <summary>Transforms the Datum that was decoded last.</summary>
    /// <param name="datum">That Datum.</param>
    /// <param name="transformer">The transform.</param>
    /// <param name="record">The record's running number.</param>
    /// <param name="destination">Gets the item.</param>
    public void Transform(in DatumView datum, DataTransformer transformer, long record, Span<float> destination)
    {
        if (datum.Encoded) transformer.Transform(_image.Span, Channels, Height, Width, record, destination);
        else if (datum.Data.Length > 0) transformer.Transform(datum.Data, Channels, Height, Width, record, destination);
        else transformer.Transform(Floats(datum), Channels, Height, Width, record, destination);
    }

    /// <summary>The bytes of the Datum that was decoded last; empty where it has float_data.</summary>
    public ReadOnlySpan<byte> Bytes(in DatumView datum) => datum.Encoded ? _image.Span : datum.Data;

    /// <summary>The float_data of a Datum. Valid until the next call.</summary>
    public ReadOnlySpan<float> Floats(in DatumView datum)
    {
        int count = datum.FloatCount;
        if (_floats.Length < count) _floats = new float[count];
        datum.CopyFloatsTo(_floats);
        return _floats.AsSpan(0, count);
    }
}
