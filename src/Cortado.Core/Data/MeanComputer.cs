using System.Text;

namespace Cortado.Data;

/// <summary>Computes the mean image of a database, as Caffe's compute_image_mean does.</summary>
/// <remarks>Sums are exact for pixels; Caffe's float sums begin to round where they exceed 2^24, after 65,000 bright images.</remarks>
public static class MeanComputer
{
    private const int ReportEvery = 256;

    /// <summary>Computes the mean.</summary>
    /// <param name="database">The database; all its records must be of one size.</param>
    /// <param name="progress">Is told how far the work is.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="CortadoException">The database is empty, or a record is broken or of another size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static MeanImage Compute(IRecordDatabase database, IProgress<DataProgress>? progress = null, CancellationToken cancel = default)
    {
        using IRecordCursor cursor = database.OpenCursor();
        var pixels = new DatumPixels();
        (int Channels, int Height, int Width) size = default;
        long[] byteSums = Array.Empty<long>();
        double[] floatSums = Array.Empty<double>();
        long count = 0;
        while (cursor.MoveNext())
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                var datum = new DatumView(cursor.Value);
                pixels.Decode(datum, ImageColor.AsStored);
                if (count == 0)
                {
                    size = (pixels.Channels, pixels.Height, pixels.Width);
                    byteSums = new long[size.Channels * size.Height * size.Width];
                    floatSums = new double[byteSums.Length];
                }
                else if ((pixels.Channels, pixels.Height, pixels.Width) != size)
                {
                    throw new CortadoException(FormattableString.Invariant(
                        $"it is {pixels.Channels} x {pixels.Height} x {pixels.Width} (channels, height, width) but the first record is {size.Channels} x {size.Height} x {size.Width}; a mean needs records of one size"));
                }

                ReadOnlySpan<byte> bytes = pixels.Bytes(datum);
                if (bytes.Length > 0) Add(bytes, byteSums);
                else Add(pixels.Floats(datum), floatSums);
            }
            catch (CortadoException e)
            {
                throw new CortadoException($"{database.Path}, record '{Encoding.UTF8.GetString(cursor.Key)}': {e.Message}.", e);
            }

            if (++count % ReportEvery == 0) progress?.Report(new DataProgress(count, database.Count, 0));
        }

        if (count == 0) throw new CortadoException($"The database {database.Path} is empty: there is nothing to take a mean of.");
        progress?.Report(new DataProgress(count, database.Count, 0));
        float[] mean = new float[byteSums.Length];
        for (int i = 0; i < mean.Length; i++) mean[i] = (float)(byteSums[i] + floatSums[i]) / count;
        return new MeanImage(mean, size.Channels, size.Height, size.Width, database.Path);
    }

    /// <summary>The mean of each channel, for mean_value.</summary>
    public static float[] ChannelMeans(MeanImage mean)
    {
        float[] means = new float[mean.Channels];
        int plane = mean.Height * mean.Width;
        for (int c = 0; c < means.Length; c++)
        {
            double sum = 0;
            foreach (float value in mean.Values.AsSpan(c * plane, plane)) sum += value;
            means[c] = (float)(sum / plane);
        }

        return means;
    }

    private static void Add(ReadOnlySpan<byte> values, long[] sums)
    {
        for (int i = 0; i < values.Length; i++) sums[i] += values[i];
    }

    private static void Add(ReadOnlySpan<float> values, double[] sums)
    {
        for (int i = 0; i < values.Length; i++) sums[i] += values[i];
    }
}
