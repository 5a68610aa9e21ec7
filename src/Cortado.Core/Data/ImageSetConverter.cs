using Cortado.Tensors;

namespace Cortado.Data;

/// <summary>Makes a database of labelled images, as Caffe's convert_imageset does: the same keys, the same bytes.</summary>
/// <remarks>
/// Keys are the running number in eight digits, an underscore and the image's name. An image that cannot be read is skipped, as
/// Caffe's tool does, and listed in the result; its number stays unused.
/// </remarks>
public static class ImageSetConverter
{
    private const int Window = 64;

    /// <summary>Converts a set and commits the database.</summary>
    /// <param name="images">The images.</param>
    /// <param name="writer">The new database. Not disposed; not committed where the conversion fails.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told how far the work is.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="CortadoException">No image can be read, the sizes are impossible, or the database cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing was committed.</exception>
    public static ConversionResult Convert(
        ImageSet images, IRecordWriter writer, ConversionOptions options, IProgress<DataProgress>? progress = null, CancellationToken cancel = default)
    {
        if (options.Height < 0 || options.Width < 0 || (options.Height == 0) != (options.Width == 0))
        {
            throw new CortadoException(FormattableString.Invariant(
                $"Images cannot be resized to {options.Width} x {options.Height}; give both width and height, or neither."));
        }

        ImageListEntry[] entries = Ordered(images, options);
        var result = new ConversionResult();
        var skipped = new List<SkippedImage>();
        var labels = new SortedDictionary<int, long>();
        var parallel = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount };
        var slots = new Conversion[Math.Min(Window, entries.Length)];
        for (int i = 0; i < slots.Length; i++) slots[i] = new Conversion(options);
        for (int start = 0; start < entries.Length; start += slots.Length)
        {
            int from = start, count = Math.Min(slots.Length, entries.Length - start);
            Parallel.For(0, count, parallel, i => slots[i].Run(images.PathOf(entries[from + i]), entries[from + i].Label));
            for (int i = 0; i < count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                ImageListEntry entry = entries[start + i];
                Conversion slot = slots[i];
                if (slot.Failure != null)
                {
                    skipped.Add(new SkippedImage(images.PathOf(entry), slot.Failure));
                    continue;
                }

                if (result.Written == 0) result.Size = slot.Size;
                else if (slot.Size != result.Size) result.FirstOfOtherSize ??= images.PathOf(entry);
                string key = FormattableString.Invariant($"{start + i:D8}_{entry.Name}");
                writer.Put(System.Text.Encoding.UTF8.GetBytes(key), slot.Message);
                labels[entry.Label] = labels.TryGetValue(entry.Label, out long before) ? before + 1 : 1;
                result.Written++;
            }

            progress?.Report(new DataProgress(start + count, entries.Length, skipped.Count));
        }

        if (result.Written == 0)
            throw new CortadoException(FormattableString.Invariant($"None of the {entries.Length} images can be read. The first: {skipped[0].Reason}"));
        writer.Commit();
        result.Skipped = skipped;
        result.Labels = labels;
        return result;
    }

    private static ImageListEntry[] Ordered(ImageSet images, ConversionOptions options)
    {
        ImageListEntry[] entries = images.Entries.ToArray();
        if (!options.Shuffle) return entries;
        CounterRandom random = CounterRandom.Named(options.Seed, "convert");
        for (int i = entries.Length - 1; i > 0; i--)
        {
            int other = random.Below((ulong)i, i + 1);
            (entries[i], entries[other]) = (entries[other], entries[i]);
        }

        return entries;
    }

    /// <summary>One image at a time on its way to a record.</summary>
    private sealed class Conversion
    {
        private readonly ConversionOptions _options;
        private readonly ImageResizer _resizer = new();
        private readonly Image _image = new();
        private readonly Image _resized = new();
        private readonly DatumWriter _datum = new();

        public Conversion(ConversionOptions options) => _options = options;

        public string? Failure { get; private set; }

        public (int Channels, int Height, int Width) Size { get; private set; }

        public ReadOnlySpan<byte> Message => _datum.Message;

        public void Run(string path, int label)
        {
            Failure = null;
            try
            {
                Write(ImageFile.ReadBytes(path), label);
            }
            catch (CortadoException e)
            {
                Failure = e.Message.Contains(path, StringComparison.Ordinal) ? e.Message : $"{path}: {e.Message}.";
            }
        }

        private bool IsUsableAsStored(byte[] file)
        {
            try
            {
                ImageDecoder.Decode(file, ImageColor.AsStored, _image);
                return _image.Channels == (_options.Gray ? 1 : 3) && file[0] != (byte)'B';
            }
            catch (CortadoException)
            {
                // Such as a PNG of 16 bits; or it is damaged, which the caller finds out.
                return false;
            }
        }

        private void Write(byte[] file, int label)
        {
            bool resize = _options.Height > 0;
            if (_options.Encoded && !resize)
            {
                // As it is, where training will decode it to the planes that are asked for.
                if (IsUsableAsStored(file))
                {
                    Size = (_image.Channels, _image.Height, _image.Width);
                    _datum.WriteEncoded(file, label);
                    return;
                }
            }

            ImageDecoder.Decode(file, _options.Gray ? ImageColor.Gray : ImageColor.Color, _image);
            Image image = _image;
            if (resize)
            {
                _resizer.Resize(_image, _options.Height, _options.Width, _resized);
                image = _resized;
            }

            Size = (image.Channels, image.Height, image.Width);
            if (_options.Encoded) _datum.WriteEncoded(PngEncoder.Encode(image), label);
            else _datum.WritePixels(image, label);
        }
    }
}
