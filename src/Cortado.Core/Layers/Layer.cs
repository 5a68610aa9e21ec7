using Cortado.Backends;
using Cortado.Formats;
using Cortado.Tensors;

namespace Cortado.Layers;

/// <summary>
/// One layer of a network: its parameters, its rule for shapes, and the order in which it calls operators. It holds no loop
/// over floats; those are operators of the backend. The network calls <see cref="SetUp"/> once, <see cref="Reshape"/> whenever a
/// bottom's shape changed, then <see cref="Forward"/> and <see cref="Backward"/>.
/// </summary>
public abstract class Layer : IDisposable
{
    private readonly List<Blob> _blobs = new();
    private readonly List<IDisposable> _owned = new();
    private readonly List<Blob> _scratch = new();

    /// <summary>Creates the layer; nothing is read or allocated before <see cref="SetUp"/>.</summary>
    protected Layer(LayerParameter parameter, LayerContext context)
    {
        Parameter = parameter;
        Context = context;
    }

    /// <summary>The layer as the prototxt describes it.</summary>
    public LayerParameter Parameter { get; }

    /// <summary>The name in the network.</summary>
    public string Name => Parameter.Name;

    /// <summary>The type's name, as in <c>type: "Convolution"</c>.</summary>
    public string Type => Parameter.Type;

    /// <summary>The learnable blobs, in Caffe's order (weights, bias, ...). Filled by <see cref="SetUp"/>.</summary>
    public IReadOnlyList<Blob> Blobs => _blobs;

    /// <summary>For each learnable blob whether its gradient is wanted; set by the network (<c>lr_mult: 0</c> needs none).</summary>
    public bool[] ParamPropagateDown { get; set; } = Array.Empty<bool>();

    /// <summary>How many blobs the type takes.</summary>
    public virtual BlobCounts Counts => BlobCounts.OneToOne;

    /// <summary>Whether the network adds unnamed tops up to the least number that the type needs (losses).</summary>
    public virtual bool AutoTopBlobs => false;

    /// <summary>Whether a bottom may be given a gradient by <c>force_backward</c>; labels may not.</summary>
    public virtual bool AllowForceBackward(int bottom) => true;

    /// <summary>The loss weight of a top that the prototxt gives none for: 1 for a loss's first top, else 0.</summary>
    public virtual float DefaultLossWeight(int top) => 0;

    /// <summary>Whether the layer has a gradient at all; an Accuracy or ArgMax has none and must not stand on the way to a loss.</summary>
    public virtual bool CanBackward => true;

    /// <summary>Whether a ReLU right behind the layer can be computed by the layer itself.</summary>
    public virtual bool CanFuseRelu => false;

    /// <summary>Set by the network before <see cref="Reshape"/>: apply a ReLU of slope 0 to the top in <see cref="Forward"/>.</summary>
    public bool FuseRelu { get; set; }

    /// <summary>
    /// What must be remembered beside weights to go on exactly from here: records read, random numbers drawn; 0 for a layer
    /// without memory.
    /// </summary>
    public virtual long Cursor { get => 0; set { } }

    /// <summary>The blobs that the layer has for its own use.</summary>
    internal IReadOnlyList<Blob> ScratchBlobs => _scratch;

    /// <summary>What the network gave the layer.</summary>
    protected LayerContext Context { get; }

    /// <summary>The backend in use.</summary>
    protected IBackend Backend => Context.Backend;

    /// <summary>Checks the parameters and makes the learnable blobs. Called once; bottoms have their shapes.</summary>
    /// <exception cref="CortadoException">A parameter is wrong.</exception>
    public virtual void SetUp(Blob[] bottom, Blob[] top) { }

    /// <summary>Gives the tops their shapes and prepares operators for them.</summary>
    /// <exception cref="CortadoException">The bottoms' shapes do not fit the layer.</exception>
    public abstract void Reshape(Blob[] bottom, Blob[] top);

    /// <summary>Computes the tops' data from the bottoms' data.</summary>
    public abstract void Forward(Blob[] bottom, Blob[] top);

    /// <summary>
    /// Computes the bottoms' diff (overwritten) where <paramref name="propagateDown"/> asks for it, and adds to the learnable
    /// blobs' diff where <see cref="ParamPropagateDown"/> asks for it.
    /// </summary>
    public abstract void Backward(Blob[] top, bool[] propagateDown, Blob[] bottom);

    /// <summary>Says that the learnable blobs' values changed, where the context calls weights frozen.</summary>
    public virtual void WeightsChanged() { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases operators and learnable blobs.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
        foreach (Blob blob in _blobs) blob.Dispose();
    }

    /// <summary>A slot for an operator, released with the layer.</summary>
    protected OperatorSlot<TOperator> Slot<TOperator>() where TOperator : class, IOperator
    {
        var slot = new OperatorSlot<TOperator>();
        _owned.Add(slot);
        return slot;
    }

    /// <summary>A blob for the layer's own use (workspace that outlives one call), released with the layer.</summary>
    protected Blob Scratch(string purpose)
    {
        var blob = new Blob(Name + "." + purpose, Backend);
        _owned.Add(blob);
        _scratch.Add(blob);
        return blob;
    }

    /// <summary>Adds a learnable blob and fills it.</summary>
    protected Blob AddBlob(Shape shape, FillerParameter? filler)
    {
        var blob = new Blob(Name + "." + _blobs.Count, Backend, shape);
        // A rehearsal is about sizes.
        if (filler != null && Backend is not IRehearsal) Filler.Fill(filler, blob, Context.Random(Name + "/filler" + _blobs.Count), Name);
        _blobs.Add(blob);
        return blob;
    }

    /// <summary>Whether the gradient of a learnable blob is wanted.</summary>
    protected bool WantsParamDiff(int index) => index >= ParamPropagateDown.Length || ParamPropagateDown[index];

    /// <summary>An axis from the prototxt as a number from 0 on; a negative one counts from the end.</summary>
    protected internal int CanonicalAxis(Blob blob, int axis, string field)
    {
        if (axis < -blob.Shape.Rank || axis >= blob.Shape.Rank)
            throw Error($"{field} is {axis}, but '{blob.Name}' ({blob.Shape}) has {blob.Shape.Rank} axes; expected {-blob.Shape.Rank} to {blob.Shape.Rank - 1}.");
        return axis < 0 ? axis + blob.Shape.Rank : axis;
    }

    /// <summary>The whole <see cref="Backward"/> of a layer that has none: an error where a gradient is asked for.</summary>
    protected void RefuseBackward(bool[] propagateDown, Blob[] bottom)
    {
        for (int i = 0; i < bottom.Length; i++)
            if (propagateDown[i])
                throw Error($"the layer has no gradient, but one is asked for bottom {i} ('{bottom[i].Name}'): its output cannot lead to a loss.");
    }

    /// <summary>An error about this layer; the network adds the place in the prototxt.</summary>
    protected internal CortadoException Error(string message) => new($"layer '{Name}' ({Type}): {message}");
}
