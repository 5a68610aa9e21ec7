using System.Numerics;
using Cortado.Backends.Contracts;
using Cortado.Tensors;

namespace Cortado.Backends.Cpu;

/// <summary>
/// How pooling walks over planes. Windows that reach over the border would make every loop a special case, so a plane with such
/// windows is first copied into a frame wide enough for all of them, filled with a value that changes no result. Results are
/// then computed for every column (stride 1), eight or so at a time, and every StrideWidth-th is kept.
/// </summary>
internal sealed unsafe class PoolingPlanes : IDisposable
{
    private const long LargestFrame = 1 << 27;

    private readonly int _planes, _inHeight, _inWidth, _padHeight, _padWidth, _frameHeight, _scratchStride;
    private readonly HostBuffer _scratch;

    private PoolingPlanes(int planes, (int Height, int Width) input, (int Height, int Width) output, (int Height, int Width) kernel,
        (int Height, int Width) stride, (int Height, int Width) pad, int threads, float fill)
    {
        _planes = planes;
        (_inHeight, _inWidth) = input;
        (_padHeight, _padWidth) = pad;
        // A few parts more than threads even out their speeds; many more would only need more frames.
        Parts = Math.Min(planes, threads * 4);
        // What a window has beyond the image on the far side need not be read.
        TapRows = Math.Min(kernel.Height, _inHeight + pad.Height);
        TapColumns = Math.Min(kernel.Width, _inWidth + pad.Width);
        long reachHeight = (output.Height - 1L) * stride.Height + TapRows, reachWidth = (output.Width - 1L) * stride.Width + TapColumns;
        if (Math.Max(reachHeight, _inHeight + pad.Height) * Math.Max(reachWidth, _inWidth + pad.Width) > LargestFrame)
            throw new CortadoException($"Pooling windows reach over {reachHeight} x {reachWidth} pixels of an image of {_inHeight} x {_inWidth}; expected a smaller kernel, stride or pad.");
        int rows = (int)reachHeight, columns = (int)reachWidth;
        Columns = columns - TapColumns + 1;
        VectorColumns = (Columns + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        // The last vector of a row reads on past the columns that count: it needs room inside the buffer.
        Framed = pad.Height > 0 || pad.Width > 0 || rows > _inHeight || columns > _inWidth || Columns < Vector<float>.Count;
        _frameHeight = Math.Max(rows, _inHeight + pad.Height);
        FrameWidth = Framed ? Math.Max(VectorColumns + TapColumns - 1, _inWidth + pad.Width) : _inWidth;
        int frame = Framed ? checked(_frameHeight * FrameWidth) : 0;
        _scratchStride = checked((frame + 2 * VectorColumns + 15) / 16 * 16);
        _scratch = new HostBuffer(checked(Math.Max(1, Parts) * _scratchStride));
        _scratch.Write().Fill(fill);
    }

    /// <summary>Pieces of work.</summary>
    public int Parts { get; }

    /// <summary>Whether planes are copied into a frame.</summary>
    public bool Framed { get; }

    /// <summary>Floats from one row to the next where windows are read.</summary>
    public int FrameWidth { get; }

    /// <summary>Rows of a window that are read.</summary>
    public int TapRows { get; }

    /// <summary>Columns of a window that are read.</summary>
    public int TapColumns { get; }

    /// <summary>Columns of results at stride 1.</summary>
    public int Columns { get; }

    /// <summary><see cref="Columns"/>, rounded up to whole vectors.</summary>
    public int VectorColumns { get; }

    public static PoolingPlanes Create<TOperator>(PoolingSpec<TOperator> spec, int threads, float fill) where TOperator : class, IOperator =>
        new(spec.Planes, (spec.InHeight, spec.InWidth), (spec.OutHeight, spec.OutWidth), (spec.KernelHeight, spec.KernelWidth),
            (spec.StrideHeight, spec.StrideWidth), (spec.PadHeight, spec.PadWidth), threads, fill);

    /// <summary>The planes of a part: [First, End).</summary>
    public (int First, int End) Range(int part) => ((int)((long)_planes * part / Parts), (int)((long)_planes * (part + 1) / Parts));

    /// <summary>Where the window (0, 0) of a plane starts: in the plane itself, or in this part's frame, into which it is copied.</summary>
    public float* Windows(int part, float* plane)
    {
        if (!Framed) return plane;
        float* frame = _scratch.Pointer + (long)part * _scratchStride;
        float* inside = frame + (long)_padHeight * FrameWidth + _padWidth;
        for (int row = 0; row < _inHeight; row++)
            new ReadOnlySpan<float>(plane + (long)row * _inWidth, _inWidth).CopyTo(new Span<float>(inside + (long)row * FrameWidth, _inWidth));
        return frame;
    }

    /// <summary>Room for a row of results and a row of indices, <see cref="VectorColumns"/> each.</summary>
    public float* Row(int part) => _scratch.Pointer + (long)(part + 1) * _scratchStride - 2 * VectorColumns;

    public void Dispose() => _scratch.Dispose();
}
