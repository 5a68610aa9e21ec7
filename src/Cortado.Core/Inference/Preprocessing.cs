using Cortado.Data;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Inference;

/// <summary>
/// Prepares an image as training prepared its images, from what the deploy network's Input layer records: stored size, crop, mean, scale and
/// channels (blue, green, red). Uses its buffers again: one image at a time.
/// </summary>
public sealed class Preprocessing
{
    private readonly DataTransformer _transformer;
    private readonly ImageResizer _resizer = new();
    private readonly Image _resized = new();
    private readonly int _channels, _height, _width, _storedHeight, _storedWidth, _crop;

    /// <summary>Reads the record of an Input layer.</summary>
    /// <param name="input">The Input layer.</param>
    /// <param name="shape">The shape of its top: (N, C, H, W).</param>
    /// <param name="paths">Finds the mean file.</param>
    /// <exception cref="CortadoException">The input is not made of images, or the mean cannot be read.</exception>
    public Preprocessing(LayerParameter input, Shape shape, PathResolver paths)
        : this(input, shape, transform => DataTransformer.Create(transform, Phase.Test, CounterRandom.Named(0, input.Name), paths))
    {
    }

    /// <summary>Reads the record of an Input layer whose mean image is in memory.</summary>
    /// <param name="input">The Input layer.</param>
    /// <param name="shape">The shape of its top: (N, C, H, W).</param>
    /// <param name="mean">The mean of mean_file; null where there is none.</param>
    /// <exception cref="CortadoException">The input is not made of images, or there is no mean though the layer names one.</exception>
    public Preprocessing(LayerParameter input, Shape shape, MeanImage? mean)
        : this(input, shape, transform => transform.HasMeanFile && mean == null
            ? throw new CortadoException($"layer '{input.Name}': its mean_file '{transform.MeanFile}' was not kept with the network. Make the network anew from its files.")
            : new DataTransformer(transform, Phase.Test, CounterRandom.Named(0, input.Name), mean))
    {
    }

    private Preprocessing(LayerParameter input, Shape shape, Func<TransformationParameter, DataTransformer> create)
    {
        if (shape.Rank != 4 || shape[1] is not (1 or 3))
            throw new CortadoException($"layer '{input.Name}': the network's input has shape {shape}; to classify images, expected N x 1 x H x W (gray) or N x 3 x H x W (colour).");
        _channels = shape[1];
        _height = shape[2];
        _width = shape[3];
        TransformationParameter transform = input.TransformParam ?? new TransformationParameter();
        IsRecorded = input.TransformParam != null;
        _transformer = create(transform);
        _crop = (int)transform.CropSize;
        if (_crop > 0 && (_crop != _height || _crop != _width))
            throw new CortadoException(FormattableString.Invariant($"layer '{input.Name}': crop_size is {_crop} and the input {_height} x {_width}; expected the same size."));
        _storedHeight = (int)(input.ImageDataParam?.NewHeight ?? 0);
        _storedWidth = (int)(input.ImageDataParam?.NewWidth ?? 0);
    }

    /// <summary>Whether the network records how images were prepared. Where it does not, pixels 0..255 go in as they are.</summary>
    public bool IsRecorded { get; }

    /// <summary>Rows of an image that goes in without being resized: what training's images had where that is recorded, else the input's.</summary>
    public int ImageHeight => _storedHeight > 0 && _storedWidth > 0 ? _storedHeight : _height;

    /// <summary>Columns of an image that goes in without being resized.</summary>
    public int ImageWidth => _storedHeight > 0 && _storedWidth > 0 ? _storedWidth : _width;

    /// <summary>Which planes images must be decoded to.</summary>
    public ImageColor Color => _channels == 1 ? ImageColor.Gray : ImageColor.Color;

    /// <summary>Prepares one image.</summary>
    /// <param name="image">The image, with the planes that <see cref="Color"/> asks for.</param>
    /// <param name="destination">Gets C x H x W floats.</param>
    /// <exception cref="CortadoException">The image has other planes.</exception>
    public void Prepare(Image image, Span<float> destination)
    {
        if (image.Channels != _channels)
            throw new CortadoException(FormattableString.Invariant($"The image has {image.Channels} channels; the network expects {_channels}."));
        (int height, int width) = TargetSize(image);
        Image source = image;
        if (image.Height != height || image.Width != width)
        {
            _resizer.Resize(image, height, width, _resized);
            source = _resized;
        }
        _transformer.Transform(source.Span, source.Channels, source.Height, source.Width, 0, destination);
    }

    // As training stored its images where that is recorded; else an image that is large enough is cropped, and any other resized.
    private (int Height, int Width) TargetSize(Image image)
    {
        if (_storedHeight > 0 && _storedWidth > 0) return (_storedHeight, _storedWidth);
        return _crop > 0 && image.Height >= _crop && image.Width >= _crop ? (image.Height, image.Width) : (_height, _width);
    }
}
