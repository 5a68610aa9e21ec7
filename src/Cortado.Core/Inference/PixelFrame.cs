namespace Cortado.Inference;

/// <summary>A picture on its way to the thread that classifies: RGBA, row 0 the lowest. Its memory is used again.</summary>
internal sealed class PixelFrame
{
    /// <summary>4 x width x height bytes; may be longer.</summary>
    public byte[] Rgba { get; private set; } = Array.Empty<byte>();

    public int Width { get; private set; }

    public int Height { get; private set; }

    public double Time { get; private set; }

    public long Number { get; private set; }

    /// <summary>Whether it was filled and not yet taken.</summary>
    public bool IsFull { get; set; }

    public void Fill(ReadOnlySpan<byte> rgba, int width, int height, double time, long number)
    {
        int length = checked(4 * width * height);
        if (Rgba.Length < length) Rgba = new byte[length];
        rgba.Slice(0, length).CopyTo(Rgba);
        (Width, Height, Time, Number, IsFull) = (width, height, time, number, true);
    }
}
