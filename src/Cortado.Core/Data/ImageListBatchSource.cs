using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Data;

/// <summary>
/// What an ImageData layer reads: the image files of a list, over and over, resized where new_height and new_width say so, in
/// the list's order or shuffled anew for each epoch.
/// </summary>
public sealed class ImageListBatchSource : IBatchSource
{
    private readonly List<ImageListEntry> _entries;
    private readonly EpochOrder _order;
    private readonly ImageDataParameter _parameter;
    private readonly DataTransformer _transformer;
    private readonly PathResolver _paths;
    private readonly Prefetcher _prefetcher;

    /// <summary>Reads the list and its first image.</summary>
    /// <param name="parameter">The layer's image_data_param.</param>
    /// <param name="transformer">Makes items of images.</param>
    /// <param name="paths">Finds the list and the images.</param>
    /// <param name="random">Where shuffle and rand_skip get their random numbers; not the generator of the transformer.</param>
    /// <param name="options">How to work ahead.</param>
    /// <exception cref="CortadoException">The list or its first image cannot be used.</exception>
    public ImageListBatchSource(
        ImageDataParameter parameter, DataTransformer transformer, PathResolver paths, CounterRandom random, BatchSourceOptions? options = null)
    {
        options ??= new BatchSourceOptions();
        if (parameter.BatchSize is 0 or > int.MaxValue)
            throw new CortadoException(FormattableString.Invariant($"image_data_param: batch_size is {parameter.BatchSize}; at least 1 is expected."));
        if ((parameter.NewHeight == 0) != (parameter.NewWidth == 0))
        {
            throw new CortadoException(FormattableString.Invariant(
                $"image_data_param: new_height is {parameter.NewHeight} and new_width is {parameter.NewWidth}; set both, or neither."));
        }

        if (parameter.NewHeight > 1 << 16 || parameter.NewWidth > 1 << 16)
            throw new CortadoException(FormattableString.Invariant($"image_data_param: {parameter.NewHeight} x {parameter.NewWidth} pixels are too many."));
        _parameter = parameter;
        _transformer = transformer;
        _paths = paths;
        string list = paths.Existing(parameter.Source, "image list");
        _entries = ImageList.Read(list);
        int skip = parameter.RandSkip == 0 ? 0 : random.Below(ulong.MaxValue, (int)Math.Min(parameter.RandSkip, int.MaxValue));
        if (skip >= _entries.Count)
        {
            throw new CortadoException(FormattableString.Invariant(
                $"{list}: rand_skip of {parameter.RandSkip} chose to skip {skip} images, but the list has only {_entries.Count}."));
        }

        _order = new EpochOrder(_entries.Count, parameter.Shuffle, skip, random);
        BatchSize = (int)parameter.BatchSize;
        using (var reader = new FileReader(this)) (Channels, Height, Width) = reader.FirstSize();
        _prefetcher = new Prefetcher(() => new FileReader(this), BatchSize, (Channels, Height, Width), options.ThreadCount, options.BatchCount(0));
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public bool HasLabels => true;

    /// <summary>Images in the list: an epoch.</summary>
    public long RecordCount => _entries.Count;

    /// <inheritdoc/>
    public long Position => _prefetcher.Position;

    /// <inheritdoc/>
    public Batch Next() => _prefetcher.Next();

    /// <inheritdoc/>
    public void Seek(long position) => _prefetcher.Seek(position);

    /// <inheritdoc/>
    public void Dispose() => _prefetcher.Dispose();

    private sealed class FileReader : ItemReader
    {
        private readonly ImageListBatchSource _source;
        private readonly ImageResizer _resizer = new();
        private readonly Image _image = new();
        private readonly Image _resized = new();

        public FileReader(ImageListBatchSource source) => _source = source;

        public (int Channels, int Height, int Width) FirstSize()
        {
            ImageListEntry entry = _source._entries[_source._order.IndexOf(0)];
            Image image = Load(entry, out string path);
            return Size(image, path);
        }

        public override void Read(long record, Batch batch, int item)
        {
            ImageListEntry entry = _source._entries[_source._order.IndexOf(record)];
            batch.SetName(item, entry.Name);
            Image image = Load(entry, out string path);
            (int Channels, int Height, int Width) size = Size(image, path);
            Span<float> place;
            try
            {
                place = Place(batch, item, size);
            }
            catch (CortadoException e)
            {
                throw new CortadoException($"{path}: {e.Message}.", e);
            }

            _source._transformer.Transform(image.Span, image.Channels, image.Height, image.Width, record, place);
            batch.Labels[item] = entry.Label;
        }

        public override void Dispose()
        {
        }

        private Image Load(ImageListEntry entry, out string path)
        {
            ImageDataParameter parameter = _source._parameter;

            // Caffe joins root_folder and name as texts.
            path = _source._paths.Resolve(parameter.RootFolder + entry.Name);
            ImageFile.Read(path, parameter.IsColor ? ImageColor.Color : ImageColor.Gray, _image);
            if (parameter.NewHeight == 0) return _image;
            _resizer.Resize(_image, (int)parameter.NewHeight, (int)parameter.NewWidth, _resized);
            return _resized;
        }

        private (int Channels, int Height, int Width) Size(Image image, string path)
        {
            try
            {
                return _source._transformer.OutputSize(image.Channels, image.Height, image.Width);
            }
            catch (CortadoException e)
            {
                throw new CortadoException($"{path}: {e.Message}.", e);
            }
        }
    }
}
