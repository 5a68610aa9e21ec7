using Cortado.Data;
using Cortado.Formats;

namespace Cortado.Layers;

/// <summary>Batches of Datum records from a database, in key order, round and round. The label top may be left out.</summary>
public sealed class DataLayer : BatchLayer
{
    /// <summary>Creates the layer; the database is opened by <see cref="Layer.SetUp"/>.</summary>
    public DataLayer(LayerParameter parameter, LayerContext context) : base(parameter, context) { }

    /// <inheritdoc/>
    public override BlobCounts Counts { get; } = new(0, 0, 1, 2);

    /// <inheritdoc/>
    protected override IBatchSource Open(DataTransformer transformer, BatchSourceOptions options)
    {
        DataParameter parameter = Parameter.DataParam ?? new DataParameter();
        IRecordDatabaseProvider databases = Context.Databases
            ?? throw new CortadoException($"this program brings no reader for databases, which '{parameter.Source}' needs.");
        return DatabaseBatchSource.Open(parameter, transformer, databases, Context.Paths, options);
    }
}
