using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Data;

/// <summary>
/// Turns pixels into a network's input as Caffe's transform_param says: crop (at a random place in TRAIN, in the centre in
/// TEST), mirror (at random in both phases, as Caffe does), subtract the mean, then multiply by scale.
/// </summary>
/// <remarks>
/// The random choices for a record depend on the seed and the record's running number only. Immutable: any number of threads may
/// use it at once.
/// </remarks>
public sealed class DataTransformer
{
    private readonly TransformationParameter _parameter;
    private readonly int _crop;
    private readonly bool _train;
    private readonly float _scale;
    private readonly float[] _meanValues;
    private readonly MeanImage? _mean;
    private readonly CounterRandom _random;

    /// <summary>Creates a transformer.</summary>
    /// <param name="parameter">The layer's transform_param.</param>
    /// <param name="phase">TRAIN or TEST.</param>
    /// <param name="random">Where its random numbers come from.</param>
    /// <param name="mean">The mean of mean_file; null where there is none.</param>
    /// <exception cref="CortadoException">The settings contradict each other.</exception>
    public DataTransformer(TransformationParameter parameter, Phase phase, CounterRandom random, MeanImage? mean = null)
    {
        _parameter = parameter;
        _random = random;
        _mean = mean;
        _train = phase == Phase.Train;
        _scale = parameter.Scale;
        _meanValues = parameter.MeanValue.ToArray();
        if (parameter.CropSize > int.MaxValue)
            throw new CortadoException(FormattableString.Invariant($"transform_param: crop_size is {parameter.CropSize}, which is too large."));
        _crop = (int)parameter.CropSize;
        if (parameter.HasMeanFile && _meanValues.Length > 0)
            throw new CortadoException("transform_param: mean_file and mean_value are both set; write one of them.");
        if (parameter.ForceColor && parameter.ForceGray)
            throw new CortadoException("transform_param: force_color and force_gray are both set; write one of them.");
    }

    /// <summary>Which planes encoded images are decoded to: force_color, force_gray, or as stored.</summary>
    public ImageColor Color =>
        _parameter.ForceColor ? ImageColor.Color : _parameter.ForceGray ? ImageColor.Gray : ImageColor.AsStored;

    /// <summary>Creates a transformer, reading its mean_file.</summary>
    /// <param name="parameter">The layer's transform_param.</param>
    /// <param name="phase">TRAIN or TEST.</param>
    /// <param name="random">Where its random numbers come from.</param>
    /// <param name="paths">Finds the mean_file.</param>
    /// <exception cref="CortadoException">The settings contradict each other, or the mean cannot be read.</exception>
    public static DataTransformer Create(TransformationParameter parameter, Phase phase, CounterRandom random, PathResolver paths)
    {
        MeanImage? mean = parameter.HasMeanFile ? MeanImage.Read(paths.Existing(parameter.MeanFile, "mean file")) : null;
        return new DataTransformer(parameter, phase, random, mean);
    }

    /// <summary>The size after the transform of items of a size, and a check that they can be transformed.</summary>
    /// <exception cref="CortadoException">The crop is larger than the item, or the mean has another size. The message does not name the record.</exception>
    public (int Channels, int Height, int Width) OutputSize(int channels, int height, int width)
    {
        if (_crop > height || _crop > width)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"it has {height} x {width} pixels (height, width), smaller than the crop_size of {_crop}"));
        }

        if (_meanValues.Length > 1 && _meanValues.Length != channels)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"it has {channels} channels but transform_param has {_meanValues.Length} mean_value entries; give one, or one per channel"));
        }

        if (_mean != null && (_mean.Channels != channels || _mean.Height != height || _mean.Width != width))
        {
            throw new CortadoException(FormattableString.Invariant(
                $"it is {channels} x {height} x {width} (channels, height, width) but the mean in {_mean.Source} is {_mean.Channels} x {_mean.Height} x {_mean.Width}; they must be of one size, before the crop"));
        }

        return _crop > 0 ? (channels, _crop, _crop) : (channels, height, width);
    }

    /// <summary>Transforms pixels.</summary>
    /// <param name="planes">The pixels, plane by plane; OutputSize must have accepted their size.</param>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="record">The record's running number: it picks the random numbers.</param>
    /// <param name="destination">Gets the item.</param>
    public void Transform(ReadOnlySpan<byte> planes, int channels, int height, int width, long record, Span<float> destination)
    {
        Window window = Choose(height, width, record);
        for (int c = 0; c < channels; c++)
        {
            float mean = MeanValue(c);
            for (int row = 0; row < window.Rows; row++)
            {
                int from = window.Source(c, row), length = window.RowLength;
                ReadOnlySpan<byte> source = planes.Slice(from, length);
                Span<float> to = destination.Slice((c * window.Rows + row) * length, length);
                if (_mean != null) PixelKernels.SubtractScale(source, _mean.Values.AsSpan(from, length), _scale, to);
                else PixelKernels.SubtractScale(source, mean, _scale, to);
                if (window.Mirror) Mirror(to, window.Width);
            }
        }
    }

    /// <summary>Transforms numbers, such as a Datum's float_data.</summary>
    /// <param name="planes">The numbers, plane by plane; OutputSize must have accepted their size.</param>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="record">The record's running number: it picks the random numbers.</param>
    /// <param name="destination">Gets the item.</param>
    public void Transform(ReadOnlySpan<float> planes, int channels, int height, int width, long record, Span<float> destination)
    {
        Window window = Choose(height, width, record);
        for (int c = 0; c < channels; c++)
        {
            float mean = MeanValue(c);
            for (int row = 0; row < window.Rows; row++)
            {
                int from = window.Source(c, row), length = window.RowLength;
                ReadOnlySpan<float> source = planes.Slice(from, length);
                Span<float> to = destination.Slice((c * window.Rows + row) * length, length);
                if (_mean != null) PixelKernels.SubtractScale(source, _mean.Values.AsSpan(from, length), _scale, to);
                else PixelKernels.SubtractScale(source, mean, _scale, to);
                if (window.Mirror) Mirror(to, window.Width);
            }
        }
    }

    private static void Mirror(Span<float> rows, int width)
    {
        for (int at = 0; at < rows.Length; at += width) rows.Slice(at, width).Reverse();
    }

    private float MeanValue(int channel) =>
        _meanValues.Length == 0 ? 0 : _meanValues.Length == 1 ? _meanValues[0] : _meanValues[channel];

    private Window Choose(int height, int width, long record)
    {
        bool mirror = false;
        int top = 0, left = 0, rows = height, columns = width;
        if (_crop > 0)
        {
            rows = columns = _crop;
            top = (height - rows) / 2;
            left = (width - columns) / 2;
        }

        if (_parameter.Mirror || (_crop > 0 && _train))
        {
            (uint x, uint y, uint z, _) = _random.Block((ulong)record);
            mirror = _parameter.Mirror && (x & 1) != 0;
            if (_crop > 0 && _train)
            {
                top = Below(y, height - rows + 1);
                left = Below(z, width - columns + 1);
            }
        }

        return new Window(height, width, top, left, rows, columns, mirror);
    }

    private static int Below(uint random, int range) => (int)(((ulong)random * (uint)range) >> 32);

    /// <summary>The part of each plane that is used. Where it has full rows, a plane is handled as one long row.</summary>
    private readonly struct Window
    {
        private readonly int _plane;
        private readonly int _start;
        private readonly int _stride;

        public Window(int height, int width, int top, int left, int rows, int columns, bool mirror)
        {
            bool whole = columns == width;
            _plane = height * width;
            _start = top * width + left;
            _stride = width;
            Rows = whole ? 1 : rows;
            RowLength = whole ? rows * columns : columns;
            Width = columns;
            Mirror = mirror;
        }

        public int Rows { get; }

        public int RowLength { get; }

        public int Width { get; }

        public bool Mirror { get; }

        public int Source(int channel, int row) => channel * _plane + _start + row * _stride;
    }
}
