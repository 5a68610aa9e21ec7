using System.Globalization;
using System.Text;
using Cortado.Formats;
using Cortado.Lmdb;
using Google.Protobuf;

namespace Cortado.Cli.Demo;

/// <summary>Renders pictures into an LMDB, as Caffe's own tools would have written it: 8-bit, blue green red, planes of rows.</summary>
internal static class PictureSet
{
    private const int Size = SceneRenderer.StandardSize, Plane = Size * Size, Chunk = 256;

    /// <summary>Writes pictures [first, first + count) of a seed, in order.</summary>
    public static void Write(string folder, bool overwrite, ulong seed, long first, int count, Action<int> progress, CancellationToken cancel)
    {
        using LmdbWriter writer = LmdbWriter.Create(folder, overwrite);
        byte[][] records = new byte[Chunk][];
        var parallel = new ParallelOptions { CancellationToken = cancel };
        for (int done = 0; done < count; done += Chunk)
        {
            int size = Math.Min(Chunk, count - done), start = done;
            Parallel.For(0, size, parallel, () => new Brush(seed), (i, _, brush) =>
            {
                records[i] = brush.Record(first + start + i);
                return brush;
            }, _ => { });
            for (int i = 0; i < size; i++) writer.Put(Key(first + start + i, start + i), records[i]);
            progress(start + size);
        }
        writer.Commit();
    }

    /// <summary>Renders one picture as red-green-blue bytes.</summary>
    public static byte[] Picture(ulong seed, long number)
    {
        byte[] rgb = new byte[3 * Plane];
        new SceneRenderer(seed).Render(number, rgb);
        return rgb;
    }

    /// <summary>From red-green-blue pixels to planes of blue, green and red.</summary>
    public static void ToPlanes(ReadOnlySpan<byte> rgb, Span<byte> planes)
    {
        for (int i = 0; i < Plane; i++)
        {
            planes[i] = rgb[3 * i + 2];
            planes[Plane + i] = rgb[3 * i + 1];
            planes[2 * Plane + i] = rgb[3 * i];
        }
    }

    private static byte[] Key(long number, int position) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{position:D8}_{SceneRenderer.ClassOf(number).ToString().ToLowerInvariant()}_{number}"));

    /// <summary>What one thread paints with.</summary>
    private sealed class Brush(ulong seed)
    {
        private readonly SceneRenderer _renderer = new(seed);
        private readonly byte[] _rgb = new byte[3 * Plane], _planes = new byte[3 * Plane];

        public byte[] Record(long number)
        {
            _renderer.Render(number, _rgb);
            ToPlanes(_rgb, _planes);
            return new Datum
            {
                Channels = 3,
                Height = Size,
                Width = Size,
                Label = (int)SceneRenderer.ClassOf(number),
                Data = ByteString.CopyFrom(_planes),
            }.ToByteArray();
        }
    }
}
