namespace Cortado.Data;

/// <summary>
/// Bilinear resizing that gives the bytes of OpenCV's cv::resize with INTER_LINEAR on 8-bit images: coefficients of 11 bits,
/// columns first, then rows with their sums cut to 16 bits. Halving both sides is an average of four, as there.
/// </summary>
/// <remarks>Keeps its tables and rows for the next image; one thread at a time.</remarks>
public sealed class ImageResizer
{
    private const int One = 1 << 11;

    private int[] _columns = Array.Empty<int>();
    private int[] _columnWeights = Array.Empty<int>();
    private int[] _upper = Array.Empty<int>();
    private int[] _lower = Array.Empty<int>();
    private int _forSource = -1;
    private int _forTarget = -1;

    /// <summary>Resizes an image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="height">Rows wanted.</param>
    /// <param name="width">Columns wanted.</param>
    /// <param name="target">Gets the result; its memory is used again. Not the source itself.</param>
    public void Resize(Image source, int height, int width, Image target)
    {
        if (height <= 0 || width <= 0) throw new ArgumentOutOfRangeException(height <= 0 ? nameof(height) : nameof(width));
        if (source.Height == height && source.Width == width)
        {
            target.CopyFrom(source);
            return;
        }

        target.Reset(source.Channels, height, width);
        bool halves = source.Height == 2 * height && source.Width == 2 * width;
        if (!halves) PrepareColumns(source.Width, width);
        int sourcePlane = source.Height * source.Width, targetPlane = height * width;
        for (int c = 0; c < source.Channels; c++)
        {
            ReadOnlySpan<byte> from = source.Pixels.AsSpan(c * sourcePlane, sourcePlane);
            Span<byte> to = target.Pixels.AsSpan(c * targetPlane, targetPlane);
            if (halves) Halve(from, to, height, width);
            else Plane(from, source.Height, source.Width, to, height, width);
        }
    }

    private static void Halve(ReadOnlySpan<byte> from, Span<byte> to, int height, int width)
    {
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> upper = from.Slice(4 * y * width, 2 * width), lower = from.Slice((4 * y + 2) * width, 2 * width);
            for (int x = 0; x < width; x++)
                to[y * width + x] = (byte)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
        }
    }

    private void Plane(ReadOnlySpan<byte> from, int fromHeight, int fromWidth, Span<byte> to, int height, int width)
    {
        double scale = 1 / ((double)height / fromHeight);
        int upperRow = -1, lowerRow = -1;
        for (int y = 0; y < height; y++)
        {
            float position = (float)((y + 0.5) * scale - 0.5);
            int row = (int)Math.Floor(position);
            float part = position - row;
            int first = Math.Clamp(row, 0, fromHeight - 1), second = Math.Clamp(row + 1, 0, fromHeight - 1);
            if (first == lowerRow)
            {
                (_upper, _lower) = (_lower, _upper);
                (upperRow, lowerRow) = (lowerRow, upperRow);
            }

            if (first != upperRow) Row(from.Slice(first * fromWidth, fromWidth), _upper, width);
            upperRow = first;
            if (second != lowerRow) Row(from.Slice(second * fromWidth, fromWidth), _lower, width);
            lowerRow = second;

            int upperWeight = Weight(1 - part), lowerWeight = Weight(part);
            int[] upper = _upper, lower = _lower;
            Span<byte> line = to.Slice(y * width, width);
            for (int x = 0; x < line.Length; x++)
            {
                int sum = ((upperWeight * (upper[x] >> 4)) >> 16) + ((lowerWeight * (lower[x] >> 4)) >> 16);
                line[x] = (byte)((sum + 2) >> 2);
            }
        }
    }

    private void Row(ReadOnlySpan<byte> from, int[] to, int width)
    {
        int[] columns = _columns, weights = _columnWeights;
        int last = from.Length - 1;
        for (int x = 0; x < width; x++)
        {
            int column = columns[x];
            to[x] = from[column] * weights[2 * x] + from[Math.Min(column + 1, last)] * weights[2 * x + 1];
        }
    }

    private void PrepareColumns(int fromWidth, int width)
    {
        if (_forSource == fromWidth && _forTarget == width) return;
        if (_columns.Length < width)
        {
            _columns = new int[width];
            _columnWeights = new int[2 * width];
            _upper = new int[width];
            _lower = new int[width];
        }

        double scale = 1 / ((double)width / fromWidth);
        for (int x = 0; x < width; x++)
        {
            float position = (float)((x + 0.5) * scale - 0.5);
            int column = (int)Math.Floor(position);
            float part = position - column;
            if (column < 0) (column, part) = (0, 0);
            if (column >= fromWidth - 1) (column, part) = (fromWidth - 1, 0);
            _columns[x] = column;
            _columnWeights[2 * x] = Weight(1 - part);
            _columnWeights[2 * x + 1] = Weight(part);
        }

        _forSource = fromWidth;
        _forTarget = width;
    }

    private static int Weight(float part) => (int)Math.Round((double)(part * One), MidpointRounding.ToEven);
}
