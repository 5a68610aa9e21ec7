using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// Blobs filled by fillers: constants once, everything else anew in each <see cref="Forward"/>. One shape for all tops or one for each;
/// one filler for all, one for each, or none, which means 0.
/// </summary>
public sealed class DummyDataLayer : Layer
{
    private readonly DummyDataParameter _parameter;
    private FillerParameter[] _fillers = Array.Empty<FillerParameter>();
    private CounterRandom[] _randoms = Array.Empty<CounterRandom>();
    private long _filled;

    /// <summary>Creates the layer.</summary>
    public DummyDataLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) =>
        _parameter = parameter.DummyDataParam ?? new DummyDataParameter();

    /// <inheritdoc/>
    public override BlobCounts Counts { get; } = new(0, 0, 1, BlobCounts.Any);

    /// <summary>How many times the tops were filled.</summary>
    public override long Cursor
    {
        get => _filled;
        set => _filled = value;
    }

    /// <inheritdoc/>
    public override void SetUp(Blob[] bottom, Blob[] top)
    {
        CheckCount("data_filler", _parameter.DataFiller.Count, top.Length, mayLack: true);
        _fillers = new FillerParameter[top.Length];
        _randoms = new CounterRandom[top.Length];
        for (int i = 0; i < top.Length; i++)
        {
            top[i].Reshape(ShapeOf(i, top.Length));
            _fillers[i] = _parameter.DataFiller.Count == 0 ? new FillerParameter() : _parameter.DataFiller[Math.Min(i, _parameter.DataFiller.Count - 1)];
            _randoms[i] = Context.Random(Name + "/data" + i);
            Fill(top[i], i);
        }
    }

    /// <inheritdoc/>
    public override void Reshape(Blob[] bottom, Blob[] top) { }

    /// <inheritdoc/>
    public override void Forward(Blob[] bottom, Blob[] top)
    {
        _filled++;
        for (int i = 0; i < top.Length; i++)
            if (_fillers[i].Type != "constant") Fill(top[i], i);
    }

    /// <inheritdoc/>
    public override void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom) { }

    private void Fill(Blob top, int index)
    {
        // Each filling draws from a stream of its own; the odd factor spreads the streams over all 64 bits.
        ulong stream = unchecked(_randoms[index].Stream + (ulong)_filled * 0x9E3779B97F4A7C15UL);
        Filler.Fill(_fillers[index], top, new CounterRandom(_randoms[index].Seed, stream), Name);
    }

    private Shape ShapeOf(int index, int tops)
    {
        DummyDataParameter p = _parameter;
        if (p.Shape.Count > 0)
        {
            if (p.Num.Count + p.Channels.Count + p.Height.Count + p.Width.Count > 0)
                throw Error("dummy_data_param has both shape and num, channels, height or width; expected one or the other.");
            CheckCount("shape", p.Shape.Count, tops, mayLack: false);
            return LayerNumbers.ToShape(p.Shape[p.Shape.Count == 1 ? 0 : index], Name);
        }
        CheckCount("num", p.Num.Count, tops, mayLack: false);
        CheckCount("channels", p.Channels.Count, tops, mayLack: false);
        CheckCount("height", p.Height.Count, tops, mayLack: false);
        CheckCount("width", p.Width.Count, tops, mayLack: false);
        return new Shape(Dim("num", p.Num, index), Dim("channels", p.Channels, index), Dim("height", p.Height, index), Dim("width", p.Width, index));
    }

    private int Dim(string field, IList<uint> values, int index) => LayerNumbers.Extent(values[values.Count == 1 ? 0 : index], field, Name);

    private void CheckCount(string field, int count, int tops, bool mayLack)
    {
        if (count == 1 || count == tops || (count == 0 && mayLack)) return;
        throw Error($"dummy_data_param has {count} of {field} for {tops} tops; expected one for all or one for each{(mayLack ? ", or none" : "")}.");
    }
}
