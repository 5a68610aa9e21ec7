namespace Cortado.Data;

/// <summary>A labelled picture on its way to a database. Its memory is used again.</summary>
internal sealed class RecordedExample
{
    public byte[] Rgba { get; private set; } = Array.Empty<byte>();

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int Label { get; private set; }

    public void Fill(ReadOnlySpan<byte> rgba, int width, int height, int label)
    {
        int length = checked(4 * width * height);
        if (Rgba.Length < length) Rgba = new byte[length];
        rgba.Slice(0, length).CopyTo(Rgba);
        (Width, Height, Label) = (width, height, label);
    }
}
